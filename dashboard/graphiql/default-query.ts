/** What a newcomer finds in the editor. */
export const DEFAULT_QUERY = `# Welcome to Pinmark's API.
#
# Open the link that the server printed when it
# started, and you are signed in here as well;
# "pinmark sign-in-link" prints another. Or put a
# token after "Bearer " under Headers below: the
# owner's is in the server's data directory,
# in the file owner.token.
#
# Ctrl-Enter runs the operation. Subscriptions
# are signed in the same way.

query Apps {
  apps {
    nodes {
      id
      name
      environments {
        nodes {
          id
          name
          pinLabel
        }
      }
    }
  }
}
`;
