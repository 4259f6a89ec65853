// What Node 22 has and PostGraphile takes for granted, for a Node that is older.

Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((resolves, rejects) => {
    [resolve, reject] = [resolves, rejects];
  });
  return { promise, resolve, reject };
};
