/** What the organization's pages read and do. */
import { graphql } from '../../gql';

export const MemberRow = graphql(`
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
`);

export const Members = graphql(`
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
`);

export const RoleChoices = graphql(`
  query RoleChoices {
    customRoles(first: 100) {
      totalCount
      nodes {
        ...CustomRoleRow
      }
    }
  }
`);

export const CustomRoleRow = graphql(`
  fragment CustomRoleRow on CustomRole {
    id
    name
    permissions
    createdAt
  }
`);

export const ChangeMemberRole = graphql(`
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
`);

export const SetAppAccess = graphql(`
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
`);

export const ClearAppAccess = graphql(`
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
`);

export const DeactivateMember = graphql(`
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
`);

export const ReactivateMember = graphql(`
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
`);

export const InvitationRow = graphql(`
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
`);

export const Invitations = graphql(`
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
`);

export const InviteMember = graphql(`
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
`);

export const RevokeInvitation = graphql(`
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
`);

export const CreateCustomRole = graphql(`
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
`);

export const UpdateCustomRole = graphql(`
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
`);

export const DeleteCustomRole = graphql(`
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
`);

export const ServiceTokenRow = graphql(`
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
`);

export const ServiceTokens = graphql(`
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
`);

export const CreateServiceToken = graphql(`
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
`);

export const RevokeServiceToken = graphql(`
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
`);
