import{U as e}from"./index-mv9dfs_q.js";e(`
  fragment MemberRow on Member {
    id
    name
    email
    role
    createdAt
    deactivatedAt
    customRole {
      id
      name
    }
    appAccess(first: 100) {
      totalCount
      nodes {
        role
        switchedOff
        app {
          id
          name
        }
        customRole {
          id
          name
        }
      }
    }
  }
`);var t=e(`
  query Members($after: String) {
    members(first: 20, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...MemberRow
      }
    }
  }
`),n=e(`
  query RoleChoices {
    customRoles(first: 100) {
      totalCount
      nodes {
        ...CustomRoleRow
      }
    }
  }
`);e(`
  fragment CustomRoleRow on CustomRole {
    id
    name
    permissions
    createdAt
  }
`);var r=e(`
  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) {
      ... on ChangeMemberRoleSuccess {
        member {
          ...MemberRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),i=e(`
  mutation SetAppAccess($input: SetAppAccessInput!) {
    setAppAccess(input: $input) {
      ... on SetAppAccessSuccess {
        appAccess {
          member {
            ...MemberRow
          }
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),a=e(`
  mutation ClearAppAccess($input: ClearAppAccessInput!) {
    clearAppAccess(input: $input) {
      ... on ClearAppAccessSuccess {
        member {
          ...MemberRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),o=e(`
  mutation DeactivateMember($input: DeactivateMemberInput!) {
    deactivateMember(input: $input) {
      ... on DeactivateMemberSuccess {
        member {
          ...MemberRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),s=e(`
  mutation ReactivateMember($input: ReactivateMemberInput!) {
    reactivateMember(input: $input) {
      ... on ReactivateMemberSuccess {
        member {
          ...MemberRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);e(`
  fragment InvitationRow on Invitation {
    id
    email
    role
    state
    createdAt
    expiresAt
    createdBy {
      kind
      name
    }
    customRole {
      id
      name
    }
  }
`);var c=e(`
  query Invitations($after: String) {
    invitations(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...InvitationRow
      }
    }
  }
`),l=e(`
  mutation InviteMember($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      ... on InviteMemberSuccess {
        invitation {
          ...InvitationRow
        }
        url
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),u=e(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      ... on RevokeInvitationSuccess {
        invitation {
          ...InvitationRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),d=e(`
  mutation CreateCustomRole($input: CreateCustomRoleInput!) {
    createCustomRole(input: $input) {
      ... on CreateCustomRoleSuccess {
        customRole {
          ...CustomRoleRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),f=e(`
  mutation UpdateCustomRole($input: UpdateCustomRoleInput!) {
    updateCustomRole(input: $input) {
      ... on UpdateCustomRoleSuccess {
        customRole {
          ...CustomRoleRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),p=e(`
  mutation DeleteCustomRole($input: DeleteCustomRoleInput!) {
    deleteCustomRole(input: $input) {
      ... on DeleteCustomRoleSuccess {
        customRole {
          id
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);e(`
  fragment ServiceTokenRow on ServiceToken {
    id
    prefix
    name
    role
    permissions
    createdAt
    lastUsedAt
    expiresAt
    revokedAt
    createdBy {
      kind
      name
    }
    limitedTo {
      id
      name
    }
  }
`);var m=e(`
  query ServiceTokens($after: String) {
    serviceTokens(first: 50, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...ServiceTokenRow
      }
    }
  }
`),h=e(`
  mutation CreateServiceToken($input: CreateServiceTokenInput!) {
    createServiceToken(input: $input) {
      ... on CreateServiceTokenSuccess {
        serviceToken {
          ...ServiceTokenRow
        }
        plaintext
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),g=e(`
  mutation RevokeServiceToken($input: RevokeServiceTokenInput!) {
    revokeServiceToken(input: $input) {
      ... on RevokeServiceTokenSuccess {
        serviceToken {
          ...ServiceTokenRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);export{o as a,l as c,u as d,g as f,f as g,i as h,h as i,t as l,m,a as n,p as o,n as p,d as r,c as s,r as t,s as u};