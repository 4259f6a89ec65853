/** What a newcomer finds in the editor. */
export const DEFAULT_QUERY = `# Welcome to Pinmark's API.
#
# The owner's token is in the file owner.token
# of the server's data directory:
#
#     cat .pinmark/owner.token
#
# Paste it after "Bearer " under Headers below,
# then press Ctrl-Enter. Subscriptions are signed
# in by the same header.

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
