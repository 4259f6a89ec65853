const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/create-environment-DpgikeWT.js","assets/rolldown-runtime-WkwZ5CU-.js","assets/react-B6UzECmg.js","assets/aria-D0QAGK99.js","assets/states-B-eikp2b.js","assets/dialog-B0A4TVfs.js","assets/plan-limit-CBB_1kQC.js","assets/name-yHT5oArC.js","assets/delete-environment-CyQ-65Cb.js","assets/boxes-CUonUh8g.js","assets/outcome-xfXXgtcr.js","assets/field-DS3pxyUm.js","assets/settings-C755WrG6.css","assets/promote-DOjLA2PB.js","assets/choice-SxI41KTg.js","assets/progress-CjotDPRf.js","assets/download-BDWgpQrx.js","assets/graphql-WJLIXQB7.js","assets/deployment-Bdm8vrK8.js","assets/sign-in-again-lnLF03S0.js","assets/sign-in-BAIGa04Y.js","assets/sign-in-y53LA8J3.css","assets/last-app-CTd4cb9F.js","assets/apps-Bm-Uzmwy.js","assets/apps-CztXglM3.css","assets/sign-in-C1zIFjY3.js","assets/layout-LV6rnX8G.js","assets/table-BPBGlSc1.css","assets/plan-BWqhiUZp.js","assets/words-Di3MtNs2.js","assets/members-BUFPcE4l.js","assets/ellipsis-hj-CWsdQ.js","assets/change-role-bJoDptFK.js","assets/documents-BLuvJZp6.js","assets/confirm-DvzlpVSG.js","assets/pager-BuC8HK3k.js","assets/invitations-9OkqWpbs.js","assets/secret-shown-DxuplxU5.js","assets/roles-BNVPuqXt.js","assets/pencil-hAIjZhvd.js","assets/trash-Bt03wHae.js","assets/checks-BGvD-uL1.js","assets/service-tokens-CewNf7Jz.js","assets/expiry-CKQIPvZY.js","assets/sessions-B-RJqTqZ.js","assets/overview-2a_8Mohy.js","assets/overview-HcUNqKaa.css","assets/to-deployments-Cgr5uuR6.js","assets/deployments-WaTrj1oU.js","assets/deployments-eevgYnBE.css","assets/deployment-D6X64jBT.js","assets/deployment-BiiOegMv.css","assets/layout-BW1t6tnE.js","assets/to-general-BZnybUL5.js","assets/general-CmdoS74i.js","assets/variables-C1bbUgI8.js","assets/eye-C2uoIe1b.js","assets/to-api-keys-DqDWKuHG.js","assets/api-keys-Cx2UziF-.js","assets/repository-LLe-PsgA.js","assets/audit-CEw-9zd1.js","assets/audit-85J4MItv.css"])))=>i.map(i=>d[i]);
import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{a as t,c as n,d as r,g as i,h as a,l as o,m as s,n as c,o as l,p as u,r as ee,s as te,t as ne,u as d,v as re}from"./react-B6UzECmg.js";import{_ as ie,a as ae,c as oe,d as se,f as ce,g as le,i as ue,l as de,m as fe,n as pe,o as me,p as he,r as ge,s as _e,t as ve,u as ye}from"./graphql-WJLIXQB7.js";import{c as f,d as be,f as xe,i as p,n as Se,o as Ce,p as m,r as we,u as Te}from"./states-B-eikp2b.js";import{C as Ee,N as De,P as Oe,S as ke,_ as Ae,a as je,g as h,h as Me,i as Ne,j as g,k as _,o as Pe,p as Fe,r as Ie,u as Le,v,w as Re,y as ze}from"./aria-D0QAGK99.js";var y=e(re(),1),Be=i(),b=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},Ve=new b(`
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}
    `,{fragmentName:`CommitSummary`}),He=new b(`
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{fragmentName:`DeploymentSummary`}),Ue=new b(`
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{fragmentName:`EnvironmentSummary`}),We=new b(`
    fragment ApiKeyRow on ApiKey {
  __typename
  id
  prefix
  name
  permissions
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  environment {
    __typename
    id
    name
  }
}
    `,{fragmentName:`ApiKeyRow`}),Ge=new b(`
    fragment RepositoryFacts on Repository {
  __typename
  id
  url
  branch
  hostKey
  deployKeyFingerprint
  observedAt
  unreachableReason
  webhook {
    __typename
    githubUrl
    gitlabUrl
    secret
  }
  head {
    __typename
    ...CommitSummary
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{fragmentName:`RepositoryFacts`}),Ke=new b(`
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}
    `,{fragmentName:`MemberRow`}),qe=new b(`
    fragment CustomRoleRow on CustomRole {
  __typename
  id
  name
  permissions
  createdAt
}
    `,{fragmentName:`CustomRoleRow`}),Je=new b(`
    fragment InvitationRow on Invitation {
  __typename
  id
  email
  role
  state
  createdAt
  expiresAt
  createdBy {
    __typename
    kind
    name
  }
  customRole {
    __typename
    id
    name
  }
}
    `,{fragmentName:`InvitationRow`}),Ye=new b(`
    fragment ServiceTokenRow on ServiceToken {
  __typename
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
    __typename
    kind
    name
  }
  limitedTo {
    __typename
    id
    name
  }
}
    `,{fragmentName:`ServiceTokenRow`}),Xe={"\n  subscription AppEvents($appId: ID!, $after: String) {\n    appEvents(appId: $appId, after: $after) {\n      cursor\n      occurredAt\n      kind\n      actor {\n        kind\n        name\n      }\n      environment {\n        ...EnvironmentSummary\n      }\n      deployment {\n        ...DeploymentSummary\n      }\n    }\n  }\n":new b(`
    subscription AppEvents($appId: ID!, $after: String) {
  appEvents(appId: $appId, after: $after) {
    __typename
    cursor
    occurredAt
    kind
    actor {
      __typename
      kind
      name
    }
    environment {
      __typename
      ...EnvironmentSummary
    }
    deployment {
      __typename
      ...DeploymentSummary
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:27e8ccca7941e269bda62f0fc0a699a9020f22641c0c07c3704373616143d3b4`}),"\n  fragment EnvironmentSummary on Environment {\n    id\n    databaseId\n    name\n    isDefault\n    state\n    pinLabel\n    currentVersion\n    createdAt\n    deletedAt\n    viewerCanPromote\n    viewerCanRollback\n    viewerCanDelete\n    pin {\n      version\n      since\n      commit {\n        ...CommitSummary\n      }\n      deployment {\n        id\n      }\n    }\n    deploying {\n      ...DeploymentSummary\n    }\n    contentCommit {\n      ...CommitSummary\n    }\n    codeCommit {\n      ...CommitSummary\n    }\n    runtime {\n      state\n      since\n      reason\n    }\n  }\n":Ue,"\n  fragment DeploymentSummary on Deployment {\n    id\n    databaseId\n    kind\n    sourceName\n    version\n    note\n    override\n    status\n    failureClass\n    failureReason\n    createdAt\n    settledAt\n    actor {\n      kind\n      name\n    }\n    fileSync {\n      status\n      startedAt\n      finishedAt\n      detail\n    }\n    codeBuild {\n      status\n      startedAt\n      finishedAt\n      detail\n      cacheHit\n      cacheDecision {\n        kind\n        detail\n      }\n    }\n    commit {\n      ...CommitSummary\n    }\n    environment {\n      id\n      name\n      isDefault\n    }\n    retryOf {\n      id\n    }\n  }\n":He,"\n  fragment CommitSummary on Commit {\n    sha\n    shortSha\n    message\n    authorName\n    committedAt\n  }\n":Ve,"\n  subscription BuildLog($deploymentId: ID!, $after: String) {\n    buildLog(deploymentId: $deploymentId, after: $after) {\n      cursor\n      lines {\n        number\n        at\n        text\n      }\n    }\n  }\n":new b(`
    subscription BuildLog($deploymentId: ID!, $after: String) {
  buildLog(deploymentId: $deploymentId, after: $after) {
    __typename
    cursor
    lines {
      __typename
      number
      at
      text
    }
  }
}
    `,{hash:`sha256:96e7878acb0b4b41ec617fe21a15dfeee1ea7df867b193591252ae6282afd7c1`}),"\n  query ApiKeys($of: ID!, $after: String) {\n    node(id: $of) {\n      ... on App {\n        id\n        apiKeys(first: 50, after: $after) {\n          totalCount\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n          nodes {\n            ...ApiKeyRow\n          }\n        }\n      }\n      ... on Environment {\n        id\n        apiKeys(first: 50, after: $after) {\n          totalCount\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n          nodes {\n            ...ApiKeyRow\n          }\n        }\n      }\n    }\n  }\n":new b(`
    query ApiKeys($of: ID!, $after: String) {
  __typename
  node(id: $of) {
    __typename
    ... on App {
      __typename
      id
      apiKeys(first: 50, after: $after) {
        __typename
        totalCount
        pageInfo {
          __typename
          hasNextPage
          endCursor
        }
        nodes {
          __typename
          ...ApiKeyRow
        }
      }
    }
    ... on Environment {
      __typename
      id
      apiKeys(first: 50, after: $after) {
        __typename
        totalCount
        pageInfo {
          __typename
          hasNextPage
          endCursor
        }
        nodes {
          __typename
          ...ApiKeyRow
        }
      }
    }
  }
}
    fragment ApiKeyRow on ApiKey {
  __typename
  id
  prefix
  name
  permissions
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  environment {
    __typename
    id
    name
  }
}`,{hash:`sha256:2041c8f39b4c98811602b7e53b467cd5bdbe610c73743fb5702f0e932a1dc1c0`}),"\n  fragment ApiKeyRow on ApiKey {\n    id\n    prefix\n    name\n    permissions\n    createdAt\n    lastUsedAt\n    expiresAt\n    revokedAt\n    environment {\n      id\n      name\n    }\n  }\n":We,"\n  mutation RevokeApiKey($input: RevokeApiKeyInput!) {\n    revokeApiKey(input: $input) {\n      ... on RevokeApiKeySuccess {\n        apiKey {\n          ...ApiKeyRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  __typename
  revokeApiKey(input: $input) {
    __typename
    ... on RevokeApiKeySuccess {
      __typename
      apiKey {
        __typename
        ...ApiKeyRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment ApiKeyRow on ApiKey {
  __typename
  id
  prefix
  name
  permissions
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  environment {
    __typename
    id
    name
  }
}`,{hash:`sha256:554159e0a9b273bf91fe24a126d5958fc592e3bf228e779381b9a7c57a31a3e5`}),"\n  mutation CreateApiKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      ... on CreateApiKeySuccess {\n        apiKey {\n          ...ApiKeyRow\n        }\n        plaintext\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  __typename
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess {
      __typename
      apiKey {
        __typename
        ...ApiKeyRow
      }
      plaintext
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment ApiKeyRow on ApiKey {
  __typename
  id
  prefix
  name
  permissions
  createdAt
  lastUsedAt
  expiresAt
  revokedAt
  environment {
    __typename
    id
    name
  }
}`,{hash:`sha256:a7b00be251dee45ba195b8d0cbf5c6fb9547cfa281fa8c76b2affed6ff5c2b57`}),"\n  mutation LinkRepository($input: LinkRepositoryInput!) {\n    linkRepository(input: $input) {\n      ... on LinkRepositorySuccess {\n        repository {\n          ...RepositoryFacts\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n      ... on InvalidInputError {\n        code\n        message\n        field\n      }\n    }\n  }\n":new b(`
    mutation LinkRepository($input: LinkRepositoryInput!) {
  __typename
  linkRepository(input: $input) {
    __typename
    ... on LinkRepositorySuccess {
      __typename
      repository {
        __typename
        ...RepositoryFacts
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
    ... on InvalidInputError {
      __typename
      code
      message
      field
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}
fragment RepositoryFacts on Repository {
  __typename
  id
  url
  branch
  hostKey
  deployKeyFingerprint
  observedAt
  unreachableReason
  webhook {
    __typename
    githubUrl
    gitlabUrl
    secret
  }
  head {
    __typename
    ...CommitSummary
  }
}`,{hash:`sha256:1ccf7501c54868e8eede052f37abe10f6fc4279f18435cf16787359254353938`}),"\n  query RepositoryPage($app: String!) {\n    app(name: $app) {\n      id\n      viewerCapabilities {\n        linkRepository {\n          allowed\n          reason\n        }\n      }\n      repository {\n        ...RepositoryFacts\n      }\n    }\n  }\n":new b(`
    query RepositoryPage($app: String!) {
  __typename
  app(name: $app) {
    __typename
    id
    viewerCapabilities {
      __typename
      linkRepository {
        __typename
        allowed
        reason
      }
    }
    repository {
      __typename
      ...RepositoryFacts
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}
fragment RepositoryFacts on Repository {
  __typename
  id
  url
  branch
  hostKey
  deployKeyFingerprint
  observedAt
  unreachableReason
  webhook {
    __typename
    githubUrl
    gitlabUrl
    secret
  }
  head {
    __typename
    ...CommitSummary
  }
}`,{hash:`sha256:f3e7d396302584763d9992b69d3c952fd2d6aead056139bbec5117d86a9b596f`}),"\n  fragment RepositoryFacts on Repository {\n    id\n    url\n    branch\n    hostKey\n    deployKeyFingerprint\n    observedAt\n    unreachableReason\n    webhook {\n      githubUrl\n      gitlabUrl\n      secret\n    }\n    head {\n      ...CommitSummary\n    }\n  }\n":Ge,"\n  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {\n    rotateWebhookSecret(input: $input) {\n      ... on RotateWebhookSecretSuccess {\n        repository {\n          ...RepositoryFacts\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
  __typename
  rotateWebhookSecret(input: $input) {
    __typename
    ... on RotateWebhookSecretSuccess {
      __typename
      repository {
        __typename
        ...RepositoryFacts
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}
fragment RepositoryFacts on Repository {
  __typename
  id
  url
  branch
  hostKey
  deployKeyFingerprint
  observedAt
  unreachableReason
  webhook {
    __typename
    githubUrl
    gitlabUrl
    secret
  }
  head {
    __typename
    ...CommitSummary
  }
}`,{hash:`sha256:93a1eebf6aa51695e543692a4ba77d6121373b6803f1878b089de1a2fe5ff262`}),"\n  query Apps {\n    viewer {\n      id\n      name\n      role\n      organization {\n        name\n        viewerCapabilities {\n          createApp {\n            allowed\n            reason\n          }\n        }\n      }\n    }\n    apps(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n        repository {\n          id\n          url\n          branch\n        }\n        environments(first: 8) {\n          totalCount\n          nodes {\n            id\n            name\n            state\n            pinLabel\n          }\n        }\n      }\n    }\n  }\n":new b(`
    query Apps {
  __typename
  viewer {
    __typename
    id
    name
    role
    organization {
      __typename
      name
      viewerCapabilities {
        __typename
        createApp {
          __typename
          allowed
          reason
        }
      }
    }
  }
  apps(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      id
      name
      repository {
        __typename
        id
        url
        branch
      }
      environments(first: 8) {
        __typename
        totalCount
        nodes {
          __typename
          id
          name
          state
          pinLabel
        }
      }
    }
  }
}
    `,{hash:`sha256:b701166a1adea10d2ced1c268e6ae6dd0d311b9df6dc1cc8636fd5fcd0a955ba`}),"\n  mutation CreateApp($input: CreateAppInput!) {\n    createApp(input: $input) {\n      ... on CreateAppSuccess {\n        app {\n          id\n          name\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CreateApp($input: CreateAppInput!) {
  __typename
  createApp(input: $input) {
    __typename
    ... on CreateAppSuccess {
      __typename
      app {
        __typename
        id
        name
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:82e79d6fab010e2ec7146e115328259e86b39384b810c47cc208944ef3c3cd5a`}),"\n  query AuditLog($after: String, $filter: AuditLogFilter) {\n    auditLog(first: 50, after: $after, filter: $filter) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        id\n        seq\n        occurredAt\n        action\n        outcome\n        subjectKind\n        before\n        after\n        facts\n        requestId\n        hash\n        actor {\n          kind\n          name\n        }\n        environment {\n          id\n          name\n        }\n      }\n    }\n  }\n":new b(`
    query AuditLog($after: String, $filter: AuditLogFilter) {
  __typename
  auditLog(first: 50, after: $after, filter: $filter) {
    __typename
    totalCount
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    nodes {
      __typename
      id
      seq
      occurredAt
      action
      outcome
      subjectKind
      before
      after
      facts
      requestId
      hash
      actor {
        __typename
        kind
        name
      }
      environment {
        __typename
        id
        name
      }
    }
  }
}
    `,{hash:`sha256:9d0a70433043e55323372baa00a51fcb42f8bfba185c2607498dd329860eb658`}),"\n  mutation CreateEnvironment($input: CreateEnvironmentInput!) {\n    createEnvironment(input: $input) {\n      ... on CreateEnvironmentSuccess {\n        environment {\n          ...EnvironmentSummary\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CreateEnvironment($input: CreateEnvironmentInput!) {
  __typename
  createEnvironment(input: $input) {
    __typename
    ... on CreateEnvironmentSuccess {
      __typename
      environment {
        __typename
        ...EnvironmentSummary
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:7a978a06a52692c5f7f66460344bc044edee6d2e68160bfa5fbc835a229b8e7f`}),"\n  query DeploymentPage($id: ID!) {\n    deployment(id: $id) {\n      ...DeploymentSummary\n      source {\n        id\n        name\n      }\n      contentProblems {\n        path\n        line\n        message\n      }\n    }\n  }\n":new b(`
    query DeploymentPage($id: ID!) {
  __typename
  deployment(id: $id) {
    __typename
    ...DeploymentSummary
    source {
      __typename
      id
      name
    }
    contentProblems {
      __typename
      path
      line
      message
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:95f62ade1be921fbfb195fde23a6f952c2fd40564b992ef396fbd49f8c0ccc64`}),"\n  mutation CancelDeployment($input: CancelDeploymentInput!) {\n    cancelDeployment(input: $input) {\n      ... on CancelDeploymentSuccess {\n        deployment {\n          ...DeploymentSummary\n          environment {\n            ...EnvironmentSummary\n          }\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CancelDeployment($input: CancelDeploymentInput!) {
  __typename
  cancelDeployment(input: $input) {
    __typename
    ... on CancelDeploymentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:10d78c5a90afe97eb026a80c3a4715e6949bf5a72d97521b5e4ab573cb7a4c7c`}),"\n  query Deployments($id: ID!, $after: String, $filter: EnvironmentDeploymentsFilter) {\n    node(id: $id) {\n      ... on Environment {\n        id\n        deployments(first: 20, after: $after, filter: $filter) {\n          totalCount\n          nodes {\n            ...DeploymentSummary\n          }\n          pageInfo {\n            hasNextPage\n            endCursor\n          }\n        }\n      }\n    }\n  }\n":new b(`
    query Deployments($id: ID!, $after: String, $filter: EnvironmentDeploymentsFilter) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      deployments(first: 20, after: $after, filter: $filter) {
        __typename
        totalCount
        nodes {
          __typename
          ...DeploymentSummary
        }
        pageInfo {
          __typename
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:359e8d2d7c616d045c3074d4478dcb0a6487ad51cc8fa423963d5fac30aeea46`}),"\n  query DeletionPreview($id: ID!) {\n    node(id: $id) {\n      ... on Environment {\n        id\n        deletionPreview {\n          snapshotFilesReleased\n          apiKeysRevoked\n          variablesReleased\n        }\n        deployments(first: 1) {\n          totalCount\n        }\n      }\n    }\n  }\n":new b(`
    query DeletionPreview($id: ID!) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      deletionPreview {
        __typename
        snapshotFilesReleased
        apiKeysRevoked
        variablesReleased
      }
      deployments(first: 1) {
        __typename
        totalCount
      }
    }
  }
}
    `,{hash:`sha256:ca088f92831b02d6f4995731fc64eef743c9f27b39d3734f726782c31e623371`}),"\n  mutation DeleteEnvironment($input: DeleteEnvironmentInput!) {\n    deleteEnvironment(input: $input) {\n      ... on DeleteEnvironmentSuccess {\n        environment {\n          id\n          deletedAt\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation DeleteEnvironment($input: DeleteEnvironmentInput!) {
  __typename
  deleteEnvironment(input: $input) {
    __typename
    ... on DeleteEnvironmentSuccess {
      __typename
      environment {
        __typename
        id
        deletedAt
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:4befd032c70f9ae38171a81938e77300cec66be6503596b56cefb71056462f34`}),"\n  mutation SetEnvironmentVariable($input: SetEnvironmentVariableInput!) {\n    setEnvironmentVariable(input: $input) {\n      ... on SetEnvironmentVariableSuccess {\n        variable {\n          id\n          name\n          phase\n          updatedAt\n          updatedBy {\n            kind\n            name\n          }\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n      ... on InvalidInputError {\n        code\n        message\n        field\n      }\n    }\n  }\n":new b(`
    mutation SetEnvironmentVariable($input: SetEnvironmentVariableInput!) {
  __typename
  setEnvironmentVariable(input: $input) {
    __typename
    ... on SetEnvironmentVariableSuccess {
      __typename
      variable {
        __typename
        id
        name
        phase
        updatedAt
        updatedBy {
          __typename
          kind
          name
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
    ... on InvalidInputError {
      __typename
      code
      message
      field
    }
  }
}
    `,{hash:`sha256:64e8f9c3de21fcc425f570fab268c180b4dcc8a1af6d8ce6ec51a739858f6910`}),"\n  query EnvironmentVariables($id: ID!) {\n    node(id: $id) {\n      ... on Environment {\n        id\n        variables(first: 100) {\n          totalCount\n          nodes {\n            id\n            name\n            phase\n            updatedAt\n            updatedBy {\n              kind\n              name\n            }\n          }\n        }\n      }\n    }\n  }\n":new b(`
    query EnvironmentVariables($id: ID!) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      variables(first: 100) {
        __typename
        totalCount
        nodes {
          __typename
          id
          name
          phase
          updatedAt
          updatedBy {
            __typename
            kind
            name
          }
        }
      }
    }
  }
}
    `,{hash:`sha256:fb723e0cd6967e2e0c17bf2a1ca9611f28f802177d7da03ca0c36b77b4f72e32`}),"\n  mutation RevealVariable($input: RevealEnvironmentVariableInput!) {\n    revealEnvironmentVariable(input: $input) {\n      ... on RevealEnvironmentVariableSuccess {\n        value\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RevealVariable($input: RevealEnvironmentVariableInput!) {
  __typename
  revealEnvironmentVariable(input: $input) {
    __typename
    ... on RevealEnvironmentVariableSuccess {
      __typename
      value
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:f9badcd9436e2d64c87216a4674cd7908b2fb576cbdef99d0b73a3d1f240fb3b`}),"\n  mutation DeleteVariable($input: DeleteEnvironmentVariableInput!) {\n    deleteEnvironmentVariable(input: $input) {\n      ... on DeleteEnvironmentVariableSuccess {\n        deletedVariableId\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation DeleteVariable($input: DeleteEnvironmentVariableInput!) {
  __typename
  deleteEnvironmentVariable(input: $input) {
    __typename
    ... on DeleteEnvironmentVariableSuccess {
      __typename
      deletedVariableId
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:a58d286c6999e83b1b343138785fa871fef98b29e0a376cb23038c797fdcf60a`}),"\n  fragment MemberRow on Member {\n    id\n    name\n    email\n    role\n    createdAt\n    deactivatedAt\n    customRole {\n      id\n      name\n    }\n    appAccess(first: 100) {\n      totalCount\n      nodes {\n        role\n        switchedOff\n        app {\n          id\n          name\n        }\n        customRole {\n          id\n          name\n        }\n      }\n    }\n  }\n":Ke,"\n  query Members($after: String) {\n    members(first: 20, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...MemberRow\n      }\n    }\n  }\n":new b(`
    query Members($after: String) {
  __typename
  members(first: 20, after: $after) {
    __typename
    totalCount
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    nodes {
      __typename
      ...MemberRow
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:53aef614d6ff9d93203385eb93632f458368b34e82c7b3cdec5756a9a6598f52`}),"\n  query RoleChoices {\n    customRoles(first: 100) {\n      totalCount\n      nodes {\n        ...CustomRoleRow\n      }\n    }\n  }\n":new b(`
    query RoleChoices {
  __typename
  customRoles(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      ...CustomRoleRow
    }
  }
}
    fragment CustomRoleRow on CustomRole {
  __typename
  id
  name
  permissions
  createdAt
}`,{hash:`sha256:5f2f500991abd4f20124b3ea08af764cbe7fd2ba151a2159293d393270c9c7ac`}),"\n  fragment CustomRoleRow on CustomRole {\n    id\n    name\n    permissions\n    createdAt\n  }\n":qe,"\n  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {\n    changeMemberRole(input: $input) {\n      ... on ChangeMemberRoleSuccess {\n        member {\n          ...MemberRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
  __typename
  changeMemberRole(input: $input) {
    __typename
    ... on ChangeMemberRoleSuccess {
      __typename
      member {
        __typename
        ...MemberRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:4bb9278570d094d26ad5192507adf2c050a7526e55a1d12aacb59c8c46466e48`}),"\n  mutation SetAppAccess($input: SetAppAccessInput!) {\n    setAppAccess(input: $input) {\n      ... on SetAppAccessSuccess {\n        appAccess {\n          member {\n            ...MemberRow\n          }\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation SetAppAccess($input: SetAppAccessInput!) {
  __typename
  setAppAccess(input: $input) {
    __typename
    ... on SetAppAccessSuccess {
      __typename
      appAccess {
        __typename
        member {
          __typename
          ...MemberRow
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:d64268163a64ea3e1f2b1bfc8beda11f05205215ddb27cdf8002e029f9579c0c`}),"\n  mutation ClearAppAccess($input: ClearAppAccessInput!) {\n    clearAppAccess(input: $input) {\n      ... on ClearAppAccessSuccess {\n        member {\n          ...MemberRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation ClearAppAccess($input: ClearAppAccessInput!) {
  __typename
  clearAppAccess(input: $input) {
    __typename
    ... on ClearAppAccessSuccess {
      __typename
      member {
        __typename
        ...MemberRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:7947bee17d7cc460d4b202844bda09b186f037f3bc58efcf96504a37273e8061`}),"\n  mutation DeactivateMember($input: DeactivateMemberInput!) {\n    deactivateMember(input: $input) {\n      ... on DeactivateMemberSuccess {\n        member {\n          ...MemberRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation DeactivateMember($input: DeactivateMemberInput!) {
  __typename
  deactivateMember(input: $input) {
    __typename
    ... on DeactivateMemberSuccess {
      __typename
      member {
        __typename
        ...MemberRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:3e9cfd8d75ded0ca3c10fc4f8c3a46b30c31009979fc785952e24fb03c75dfb0`}),"\n  mutation ReactivateMember($input: ReactivateMemberInput!) {\n    reactivateMember(input: $input) {\n      ... on ReactivateMemberSuccess {\n        member {\n          ...MemberRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation ReactivateMember($input: ReactivateMemberInput!) {
  __typename
  reactivateMember(input: $input) {
    __typename
    ... on ReactivateMemberSuccess {
      __typename
      member {
        __typename
        ...MemberRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment MemberRow on Member {
  __typename
  id
  name
  email
  role
  createdAt
  deactivatedAt
  customRole {
    __typename
    id
    name
  }
  appAccess(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      role
      switchedOff
      app {
        __typename
        id
        name
      }
      customRole {
        __typename
        id
        name
      }
    }
  }
}`,{hash:`sha256:3699dbe60e9c383d22b73c160a2e5c7dc5bdc491d14f544610478dc4605276d7`}),"\n  fragment InvitationRow on Invitation {\n    id\n    email\n    role\n    state\n    createdAt\n    expiresAt\n    createdBy {\n      kind\n      name\n    }\n    customRole {\n      id\n      name\n    }\n  }\n":Je,"\n  query Invitations($after: String) {\n    invitations(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...InvitationRow\n      }\n    }\n  }\n":new b(`
    query Invitations($after: String) {
  __typename
  invitations(first: 50, after: $after) {
    __typename
    totalCount
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    nodes {
      __typename
      ...InvitationRow
    }
  }
}
    fragment InvitationRow on Invitation {
  __typename
  id
  email
  role
  state
  createdAt
  expiresAt
  createdBy {
    __typename
    kind
    name
  }
  customRole {
    __typename
    id
    name
  }
}`,{hash:`sha256:0808cf896f7953ab591d02cc825417e32ec50d2d00de2c928b969d62517f0aa6`}),"\n  mutation InviteMember($input: InviteMemberInput!) {\n    inviteMember(input: $input) {\n      ... on InviteMemberSuccess {\n        invitation {\n          ...InvitationRow\n        }\n        url\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation InviteMember($input: InviteMemberInput!) {
  __typename
  inviteMember(input: $input) {
    __typename
    ... on InviteMemberSuccess {
      __typename
      invitation {
        __typename
        ...InvitationRow
      }
      url
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment InvitationRow on Invitation {
  __typename
  id
  email
  role
  state
  createdAt
  expiresAt
  createdBy {
    __typename
    kind
    name
  }
  customRole {
    __typename
    id
    name
  }
}`,{hash:`sha256:2a8df9ea8735fe9ae9c643d86e5e5c9552b721003e1a3a76642b5b8da4f08693`}),"\n  mutation RevokeInvitation($input: RevokeInvitationInput!) {\n    revokeInvitation(input: $input) {\n      ... on RevokeInvitationSuccess {\n        invitation {\n          ...InvitationRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RevokeInvitation($input: RevokeInvitationInput!) {
  __typename
  revokeInvitation(input: $input) {
    __typename
    ... on RevokeInvitationSuccess {
      __typename
      invitation {
        __typename
        ...InvitationRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment InvitationRow on Invitation {
  __typename
  id
  email
  role
  state
  createdAt
  expiresAt
  createdBy {
    __typename
    kind
    name
  }
  customRole {
    __typename
    id
    name
  }
}`,{hash:`sha256:bcd6a81f0e9ffe9f6d3bfb06fc1a6054cbc553cf6bd1a9ce1e95e0fc68238f52`}),"\n  mutation CreateCustomRole($input: CreateCustomRoleInput!) {\n    createCustomRole(input: $input) {\n      ... on CreateCustomRoleSuccess {\n        customRole {\n          ...CustomRoleRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CreateCustomRole($input: CreateCustomRoleInput!) {
  __typename
  createCustomRole(input: $input) {
    __typename
    ... on CreateCustomRoleSuccess {
      __typename
      customRole {
        __typename
        ...CustomRoleRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment CustomRoleRow on CustomRole {
  __typename
  id
  name
  permissions
  createdAt
}`,{hash:`sha256:0d6e361f33022238f3f43e0f38607134e089bcb36fbfe81cc670dae14f8d914c`}),"\n  mutation UpdateCustomRole($input: UpdateCustomRoleInput!) {\n    updateCustomRole(input: $input) {\n      ... on UpdateCustomRoleSuccess {\n        customRole {\n          ...CustomRoleRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation UpdateCustomRole($input: UpdateCustomRoleInput!) {
  __typename
  updateCustomRole(input: $input) {
    __typename
    ... on UpdateCustomRoleSuccess {
      __typename
      customRole {
        __typename
        ...CustomRoleRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment CustomRoleRow on CustomRole {
  __typename
  id
  name
  permissions
  createdAt
}`,{hash:`sha256:05d23e199f00fde9f52bab9080d3ebe6864d553a84d9c06cadba7297722b9a8d`}),"\n  mutation DeleteCustomRole($input: DeleteCustomRoleInput!) {\n    deleteCustomRole(input: $input) {\n      ... on DeleteCustomRoleSuccess {\n        customRole {\n          id\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation DeleteCustomRole($input: DeleteCustomRoleInput!) {
  __typename
  deleteCustomRole(input: $input) {
    __typename
    ... on DeleteCustomRoleSuccess {
      __typename
      customRole {
        __typename
        id
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:a75e07b4b87a4e67d4f2f29364daf108dad13b149ed9a2ab22bb420670878c23`}),"\n  fragment ServiceTokenRow on ServiceToken {\n    id\n    prefix\n    name\n    role\n    permissions\n    createdAt\n    lastUsedAt\n    expiresAt\n    revokedAt\n    createdBy {\n      kind\n      name\n    }\n    limitedTo {\n      id\n      name\n    }\n  }\n":Ye,"\n  query ServiceTokens($after: String) {\n    serviceTokens(first: 50, after: $after) {\n      totalCount\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      nodes {\n        ...ServiceTokenRow\n      }\n    }\n  }\n":new b(`
    query ServiceTokens($after: String) {
  __typename
  serviceTokens(first: 50, after: $after) {
    __typename
    totalCount
    pageInfo {
      __typename
      hasNextPage
      endCursor
    }
    nodes {
      __typename
      ...ServiceTokenRow
    }
  }
}
    fragment ServiceTokenRow on ServiceToken {
  __typename
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
    __typename
    kind
    name
  }
  limitedTo {
    __typename
    id
    name
  }
}`,{hash:`sha256:0a1a8f118cc00a5b25a5d5d63755c9ea09e3693095ac2c0d3ecae98a4f742769`}),"\n  mutation CreateServiceToken($input: CreateServiceTokenInput!) {\n    createServiceToken(input: $input) {\n      ... on CreateServiceTokenSuccess {\n        serviceToken {\n          ...ServiceTokenRow\n        }\n        plaintext\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation CreateServiceToken($input: CreateServiceTokenInput!) {
  __typename
  createServiceToken(input: $input) {
    __typename
    ... on CreateServiceTokenSuccess {
      __typename
      serviceToken {
        __typename
        ...ServiceTokenRow
      }
      plaintext
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment ServiceTokenRow on ServiceToken {
  __typename
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
    __typename
    kind
    name
  }
  limitedTo {
    __typename
    id
    name
  }
}`,{hash:`sha256:2803dce16d4620133142e72ca34ef9cf98796c805efcd1c3cd506ca01c3c98c1`}),"\n  mutation RevokeServiceToken($input: RevokeServiceTokenInput!) {\n    revokeServiceToken(input: $input) {\n      ... on RevokeServiceTokenSuccess {\n        serviceToken {\n          ...ServiceTokenRow\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RevokeServiceToken($input: RevokeServiceTokenInput!) {
  __typename
  revokeServiceToken(input: $input) {
    __typename
    ... on RevokeServiceTokenSuccess {
      __typename
      serviceToken {
        __typename
        ...ServiceTokenRow
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment ServiceTokenRow on ServiceToken {
  __typename
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
    __typename
    kind
    name
  }
  limitedTo {
    __typename
    id
    name
  }
}`,{hash:`sha256:4b14e34efdc248b87b2d0803d859b39b21f8fb711d91d554a9a3e3bc98b6b14a`}),"\n  query Organization {\n    viewer {\n      id\n      name\n      role\n      permissions\n      member {\n        id\n      }\n      organization {\n        name\n        plan\n        viewerCapabilities {\n          createApp {\n            allowed\n            reason\n          }\n          inviteMembers {\n            allowed\n            reason\n          }\n          changeMembers {\n            allowed\n            reason\n          }\n          changeRoles {\n            allowed\n            reason\n          }\n        }\n      }\n    }\n    apps(first: 100) {\n      totalCount\n      nodes {\n        id\n        name\n      }\n    }\n  }\n":new b(`
    query Organization {
  __typename
  viewer {
    __typename
    id
    name
    role
    permissions
    member {
      __typename
      id
    }
    organization {
      __typename
      name
      plan
      viewerCapabilities {
        __typename
        createApp {
          __typename
          allowed
          reason
        }
        inviteMembers {
          __typename
          allowed
          reason
        }
        changeMembers {
          __typename
          allowed
          reason
        }
        changeRoles {
          __typename
          allowed
          reason
        }
      }
    }
  }
  apps(first: 100) {
    __typename
    totalCount
    nodes {
      __typename
      id
      name
    }
  }
}
    `,{hash:`sha256:31b2e19c412a233bf48e0ec723564c486d9e921c2e6c1bd2d6f9b7f1b165c1f6`}),"\n  query Sessions {\n    viewer {\n      id\n      sessions(first: 100) {\n        totalCount\n        nodes {\n          id\n          method\n          userAgent\n          createdAt\n          lastSeenAt\n          expiresAt\n          endedAt\n          isCurrent\n        }\n      }\n    }\n  }\n":new b(`
    query Sessions {
  __typename
  viewer {
    __typename
    id
    sessions(first: 100) {
      __typename
      totalCount
      nodes {
        __typename
        id
        method
        userAgent
        createdAt
        lastSeenAt
        expiresAt
        endedAt
        isCurrent
      }
    }
  }
}
    `,{hash:`sha256:8606e6eecd7d2aa56ee4f6de31883a7daff6bce059659d0edd794edfe2e10102`}),"\n  mutation EndSession($input: EndSessionInput!) {\n    endSession(input: $input) {\n      ... on EndSessionSuccess {\n        session {\n          id\n          endedAt\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation EndSession($input: EndSessionInput!) {
  __typename
  endSession(input: $input) {
    __typename
    ... on EndSessionSuccess {
      __typename
      session {
        __typename
        id
        endedAt
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:3642c5cb450f0e64cffc393ccf56541e9a7c771b8ed77f21457a3d641283afab`}),"\n  mutation EndOtherSessions($input: EndOtherSessionsInput!) {\n    endOtherSessions(input: $input) {\n      ... on EndOtherSessionsSuccess {\n        endedCount\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation EndOtherSessions($input: EndOtherSessionsInput!) {
  __typename
  endOtherSessions(input: $input) {
    __typename
    ... on EndOtherSessionsSuccess {
      __typename
      endedCount
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    `,{hash:`sha256:46585dd225b335f20d8cd921b6f5f7f0a5bfee75a0e6720ad27df6d627335491`}),"\n  query Overview($app: String!) {\n    app(name: $app) {\n      id\n      environments(first: 100) {\n        nodes {\n          id\n          deployments(first: 1) {\n            nodes {\n              ...DeploymentSummary\n            }\n          }\n        }\n      }\n    }\n  }\n":new b(`
    query Overview($app: String!) {
  __typename
  app(name: $app) {
    __typename
    id
    environments(first: 100) {
      __typename
      nodes {
        __typename
        id
        deployments(first: 1) {
          __typename
          nodes {
            __typename
            ...DeploymentSummary
          }
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:d0a31e96ba1e4d8ec6b8881fbfd55369ee3e14cc224208b186d6ac3c3865b28c`}),"\n  query BehindDev($dev: ID!, $environment: ID!) {\n    comparison(sourceId: $dev, targetId: $environment) {\n      commitRelation\n      commits(first: 0) {\n        totalCount\n      }\n      content {\n        counts {\n          kind\n          added\n          changed\n          removed\n        }\n      }\n    }\n  }\n":new b(`
    query BehindDev($dev: ID!, $environment: ID!) {
  __typename
  comparison(sourceId: $dev, targetId: $environment) {
    __typename
    commitRelation
    commits(first: 0) {
      __typename
      totalCount
    }
    content {
      __typename
      counts {
        __typename
        kind
        added
        changed
        removed
      }
    }
  }
}
    `,{hash:`sha256:e38f26f0caee614785fe1c81cefb81658c4bcf119113849235edb14c8522d319`}),"\n  query PromotePreview($source: ID!, $target: ID!) {\n    comparison(sourceId: $source, targetId: $target) {\n      sourceVersion\n      targetVersion\n      commitRelation\n      sourceCommit {\n        ...CommitSummary\n      }\n      targetCommit {\n        ...CommitSummary\n      }\n      commits(first: 4) {\n        totalCount\n        nodes {\n          ...CommitSummary\n        }\n      }\n      content {\n        counts {\n          kind\n          added\n          changed\n          removed\n        }\n      }\n      code {\n        unavailableReason\n        files(first: 0) {\n          totalCount\n        }\n      }\n      build {\n        wouldHitCache\n        unavailableReason\n        cacheDecision {\n          kind\n          detail\n        }\n      }\n    }\n  }\n":new b(`
    query PromotePreview($source: ID!, $target: ID!) {
  __typename
  comparison(sourceId: $source, targetId: $target) {
    __typename
    sourceVersion
    targetVersion
    commitRelation
    sourceCommit {
      __typename
      ...CommitSummary
    }
    targetCommit {
      __typename
      ...CommitSummary
    }
    commits(first: 4) {
      __typename
      totalCount
      nodes {
        __typename
        ...CommitSummary
      }
    }
    content {
      __typename
      counts {
        __typename
        kind
        added
        changed
        removed
      }
    }
    code {
      __typename
      unavailableReason
      files(first: 0) {
        __typename
        totalCount
      }
    }
    build {
      __typename
      wouldHitCache
      unavailableReason
      cacheDecision {
        __typename
        kind
        detail
      }
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:f08d3bf5e72936e1ba97697615e0a72d97d515a17b33b6f56a2915359afeefbf`}),"\n  mutation PromoteEnvironment($input: PromoteEnvironmentInput!) {\n    promoteEnvironment(input: $input) {\n      ... on PromoteEnvironmentSuccess {\n        deployment {\n          ...DeploymentSummary\n          environment {\n            ...EnvironmentSummary\n          }\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n      ... on EnvironmentBusyError {\n        deployment {\n          id\n        }\n      }\n      ... on ContentInvalidError {\n        problems {\n          path\n          line\n          message\n        }\n      }\n    }\n  }\n":new b(`
    mutation PromoteEnvironment($input: PromoteEnvironmentInput!) {
  __typename
  promoteEnvironment(input: $input) {
    __typename
    ... on PromoteEnvironmentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
    ... on EnvironmentBusyError {
      __typename
      deployment {
        __typename
        id
      }
    }
    ... on ContentInvalidError {
      __typename
      problems {
        __typename
        path
        line
        message
      }
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:ca843af96a21fcb823da94729e9f24148d1ad77beb2ff482bc3961a66812989e`}),"\n  query WatchedDeployment($id: ID!) {\n    deployment(id: $id) {\n      ...DeploymentSummary\n    }\n  }\n":new b(`
    query WatchedDeployment($id: ID!) {
  __typename
  deployment(id: $id) {
    __typename
    ...DeploymentSummary
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:b7cfd3462d5c2e5448809128eb2f9833eb920492fdb164eff71880bfff75310e`}),"\n  mutation RetryDeployment($input: RetryDeploymentInput!) {\n    retryDeployment(input: $input) {\n      ... on RetryDeploymentSuccess {\n        deployment {\n          ...DeploymentSummary\n          environment {\n            ...EnvironmentSummary\n          }\n        }\n      }\n      ... on UserError {\n        code\n        message\n      }\n    }\n  }\n":new b(`
    mutation RetryDeployment($input: RetryDeploymentInput!) {
  __typename
  retryDeployment(input: $input) {
    __typename
    ... on RetryDeploymentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:63656301c681a4a79120107b10a24a796859bb88eb455d947bd182176f966500`}),"\n  query Shell($app: String!) {\n    viewer {\n      id\n      name\n      role\n      organization {\n        name\n      }\n    }\n    apps(first: 100) {\n      nodes {\n        id\n        name\n      }\n    }\n    app(name: $app) {\n      id\n      databaseId\n      name\n      eventCursor\n      viewerPermissions\n      repository {\n        id\n        url\n        branch\n        unreachableReason\n        head {\n          ...CommitSummary\n        }\n      }\n      viewerCapabilities {\n        createEnvironment {\n          allowed\n          reason\n        }\n      }\n      environments(first: 100) {\n        nodes {\n          ...EnvironmentSummary\n        }\n      }\n    }\n  }\n":new b(`
    query Shell($app: String!) {
  __typename
  viewer {
    __typename
    id
    name
    role
    organization {
      __typename
      name
    }
  }
  apps(first: 100) {
    __typename
    nodes {
      __typename
      id
      name
    }
  }
  app(name: $app) {
    __typename
    id
    databaseId
    name
    eventCursor
    viewerPermissions
    repository {
      __typename
      id
      url
      branch
      unreachableReason
      head {
        __typename
        ...CommitSummary
      }
    }
    viewerCapabilities {
      __typename
      createEnvironment {
        __typename
        allowed
        reason
      }
    }
    environments(first: 100) {
      __typename
      nodes {
        __typename
        ...EnvironmentSummary
      }
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  databaseId
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  databaseId
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`,{hash:`sha256:e590608be3c5a37dae6a3be5a7ea7b46b570ea10dcea4284c8dba6c269c4f208`})};function x(e){return Xe[e]??{}}var S={state:`idle`,lostAt:null,restoredAt:null,signedOut:!1,outdated:!1},C=new Set;function w(e){S={...S,...e};for(let e of C)e()}var T={read:()=>S,subscribe(e){return C.add(e),()=>void C.delete(e)},connected(){w({state:`live`,lostAt:null,restoredAt:S.state===`lost`?Date.now():S.restoredAt})},lost(){S.state!==`lost`&&w({state:`lost`,lostAt:Date.now()})},idle(){S.state===`live`&&w({state:`idle`})},signedOut(){S.signedOut||w({signedOut:!0})},signedIn(){S.signedOut&&w({signedOut:!1,restoredAt:Date.now()})},outdated(){S.outdated||w({outdated:!0})}};function E(){return(0,y.useSyncExternalStore)(T.subscribe,T.read)}var Ze=new Map,Qe=new Map;function D(e){let t=e.toString(),n=Ze.get(t);if(!n){n=he(t,{}).query,Ze.set(t,n);let r=e.__meta__?.hash,i=et(n);r&&i&&Qe.set(i,r)}return n}function $e(e){let t=et(e);return t===void 0?void 0:Qe.get(t)}function et(e){return e.definitions.find(e=>e.kind===`OperationDefinition`)?.name?.value}var O=new Set,tt=x(`
  subscription AppEvents($appId: ID!, $after: String) {
    appEvents(appId: $appId, after: $after) {
      cursor
      occurredAt
      kind
      actor {
        kind
        name
      }
      environment {
        ...EnvironmentSummary
      }
      deployment {
        ...DeploymentSummary
      }
    }
  }
`);function nt(e,t){let n=ae(),r=(0,y.useRef)(t);r.current??=t;let i=r.current!==void 0;(0,y.useEffect)(()=>{if(!e||!i)return;let t=new rt,{unsubscribe:a}=le(n.subscription(D(tt),{appId:e,after:r.current}),ie(({data:e})=>{e&&t.isNew(e.appEvents.cursor)&&A(e.appEvents)}));return a},[n,e,i])}var rt=class{seen=new Set;isNew(e){return!this.seen.has(e)&&(this.seen.add(e),!0)}};function k(e){let t=(0,y.useRef)(e);t.current=e,(0,y.useEffect)(()=>{let e=e=>t.current(e);return O.add(e),()=>void O.delete(e)},[])}function A(e){for(let t of O)t(e)}function it(){let e=()=>{document.visibilityState===`visible`&&A(null)};document.addEventListener(`visibilitychange`,e),window.addEventListener(`online`,e);let t=T.read().restoredAt;T.subscribe(()=>{let e=T.read().restoredAt;e!==t&&A(null),t=e})}var at=`Actor.AppAccess.AppCapabilities.AppEvent.BuildForecast.BuildLogChunk.BuildLogLine.CacheDecision.Capability.CodeBuild.CodeChange.CodeComparison.Commit.Comparison.ContentComparison.ContentProblem.DeletionPreview.DeploymentEvent.DiffHunk.DiffLine.EnvironmentCapabilities.File.FileChange.FileChangeCount.FileDiff.FileSync.FileVersion.Organization.OrganizationCapabilities.Pin.Runtime.RuntimeLogChunk.RuntimeLogLine.ServedInterval.Webhook`.split(`.`),ot=()=>ge({keys:Object.fromEntries(at.map(e=>[e,()=>null])),resolvers:{Environment:{deployments:pe()}}}),st=4401,ct=4403,lt=4400,ut=250,dt=1e4,j=null,M=null,ft=ve({url:()=>`${location.protocol===`https:`?`wss`:`ws`}://${location.host}/graphql`,lazy:!0,lazyCloseTimeout:3e3,keepAlive:1e4,retryAttempts:1/0,shouldRetry:e=>!ht(e)||e.code!==ct,retryWait:e=>gt(Math.random()*Math.min(ut*2**e,dt)),on:{opened:e=>M=e,connected:T.connected,closed:e=>mt(e),error:T.lost}});function pt(){j?j():M?.close(4205,`Reconnect`)}function mt(e){M=null,e.code===st?T.signedOut():e.code===lt?T.outdated():e.code===1e3?T.idle():T.lost()}function ht(e){return typeof e==`object`&&!!e&&`code`in e}function gt(e){return new Promise(t=>{let n=setTimeout(r,e);function r(){clearTimeout(n),j=null,t()}j=r})}function _t(e,t,n=ft){let r=e.variables.after,i=Object.defineProperty({...e.variables},"after",{enumerable:!0,get:()=>r});return n.subscribe({...e,variables:i},{next(e){r=vt(e)??r,t.next(e)},error:e=>t.error(e),complete:()=>t.complete()})}function vt(e){for(let t of Object.values(e.data??{})){let e=t?.cursor;if(typeof e==`string`)return e}}var yt=`application/graphql-response+json, application/json`,bt=({forward:e})=>{let t=new Map;return n=>le(n,fe(e=>{e.kind===`teardown`&&t.delete(e.key);let n=$e(e.query);if(!n||e.kind===`teardown`)return e;t.set(e.key,e);let r={kind:`Document`,definitions:[],documentId:n};return ye(e.kind,{...e,query:r},e.context)}),e,fe(e=>({...e,operation:t.get(e.operation.key)??e.operation})))},xt=se({onError(e){e.response?.status===401&&T.signedOut(),e.graphQLErrors.some(e=>e.extensions.code===`DOCUMENT_UNKNOWN`)&&T.outdated()}}),St=new oe({url:`/graphql`,preferGetMethod:!1,requestPolicy:`cache-and-network`,fetchOptions:{headers:{accept:yt},credentials:`same-origin`},exchanges:[xt,ot(),bt,ce({isSubscriptionOperation:e=>e.kind===`subscription`,forwardSubscription:e=>({subscribe:t=>({unsubscribe:_t({query:e.query??``,...e.documentId&&{documentId:e.documentId},variables:e.variables??{}},t)})})}),de]}),N=ne(),Ct=3;function wt({to:e,of:t,at:n}){return t.length===0?null:(0,N.jsxs)(`p`,{children:[`Did you mean`,` `,Tt(e??``,t).map((e,t)=>(0,N.jsxs)(`span`,{children:[t>0&&` or `,(0,N.jsx)(c,{className:`text-link`,to:n(e),children:e.name})]},e.id)),`?`]})}function Tt(e,t){return[...t].map(t=>({one:t,far:Et(e,t.name)})).sort((e,t)=>e.far-t.far).slice(0,Ct).map(({one:e})=>e)}function Et(e,t){let n=Array.from({length:t.length+1},(e,t)=>t);for(let r=1;r<=e.length;r++){let i=[r];for(let a=1;a<=t.length;a++){let o=n[a-1]+(e[r-1]===t[a-1]?0:1);i.push(Math.min(i[a-1]+1,n[a]+1,o))}n=i}return n[t.length]}var Dt={name:`arrow-up-from-line`,size:24,node:[[`path`,{d:`m18 9-6-6-6 6`,key:`kcunyi`}],[`path`,{d:`M12 3v14`,key:`7cf3v8`}],[`path`,{d:`M5 21h14`,key:`11awu3`}]]};Dt.node;var P=m(Dt),Ot={name:`bot`,size:24,node:[[`path`,{d:`M12 8V4H8`,key:`hb8ula`}],[`rect`,{width:`16`,height:`12`,x:`4`,y:`8`,rx:`2`,key:`enze0r`}],[`path`,{d:`M2 14h2`,key:`vft8re`}],[`path`,{d:`M20 14h2`,key:`4cs60a`}],[`path`,{d:`M15 13v2`,key:`1xurst`}],[`path`,{d:`M9 13v2`,key:`rq6x2g`}]]};Ot.node;var kt=m(Ot),At={name:`braces`,size:24,node:[[`path`,{d:`M8 3H7a2 2 0 0 0-2 2v5a2 2 0 0 1-2 2 2 2 0 0 1 2 2v5c0 1.1.9 2 2 2h1`,key:`ezmyqa`}],[`path`,{d:`M16 21h1a2 2 0 0 0 2-2v-5c0-1.1.9-2 2-2a2 2 0 0 1-2-2V5a2 2 0 0 0-2-2h-1`,key:`e1hn23`}]],aliases:[`curly-braces`]};At.node;var jt=m(At),Mt={name:`building-complex`,size:24,node:[[`path`,{d:`M10 12h4`,key:`a56b0p`}],[`path`,{d:`M10 8h4`,key:`1sr2af`}],[`path`,{d:`M14 21v-3a2 2 0 0 0-4 0v3`,key:`1rgiei`}],[`path`,{d:`M6 10H4a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-2`,key:`secmi2`}],[`path`,{d:`M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16`,key:`16ra0t`}]],aliases:[`building-2`]};Mt.node;var Nt=m(Mt),F={name:`check`,size:24,node:[[`path`,{d:`M20 6 9 17l-5-5`,key:`1gmf2c`}]]};F.node;var I=m(F),Pt={name:`chevrons-up-down`,size:24,node:[[`path`,{d:`m7 15 5 5 5-5`,key:`1hf1tw`}],[`path`,{d:`m7 9 5-5 5 5`,key:`sgt6xg`}]]};Pt.node;var Ft=m(Pt),It={name:`circle-dashed`,size:24,node:[[`path`,{d:`M10.1 2.182a10 10 0 0 1 3.8 0`,key:`5ilxe3`}],[`path`,{d:`M13.9 21.818a10 10 0 0 1-3.8 0`,key:`11zvb9`}],[`path`,{d:`M17.609 3.721a10 10 0 0 1 2.69 2.7`,key:`1iw5b2`}],[`path`,{d:`M2.182 13.9a10 10 0 0 1 0-3.8`,key:`c0bmvh`}],[`path`,{d:`M20.279 17.609a10 10 0 0 1-2.7 2.69`,key:`1ruxm7`}],[`path`,{d:`M21.818 10.1a10 10 0 0 1 0 3.8`,key:`qkgqxc`}],[`path`,{d:`M3.721 6.391a10 10 0 0 1 2.7-2.69`,key:`1mcia2`}],[`path`,{d:`M6.391 20.279a10 10 0 0 1-2.69-2.7`,key:`1fvljs`}]]};It.node;var Lt=m(It),Rt={name:`circle-slash`,size:24,node:[[`circle`,{cx:`12`,cy:`12`,r:`10`,key:`1mglay`}],[`line`,{x1:`9`,x2:`15`,y1:`15`,y2:`9`,key:`1dfufj`}]]};Rt.node;var zt=m(Rt),Bt={name:`circle-x`,size:24,node:[[`circle`,{cx:`12`,cy:`12`,r:`10`,key:`1mglay`}],[`path`,{d:`m15 9-6 6`,key:`1uzhvr`}],[`path`,{d:`m9 9 6 6`,key:`z0biqf`}]],aliases:[`x-circle`]};Bt.node;var Vt=m(Bt),Ht={name:`cloud-off`,size:24,node:[[`path`,{d:`M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057`,key:`1uxyv8`}],[`path`,{d:`M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78`,key:`99tcn7`}],[`path`,{d:`m2 2 20 20`,key:`1ooewy`}]]};Ht.node;var Ut=m(Ht),Wt={name:`copy`,size:24,node:[[`rect`,{width:`14`,height:`14`,x:`8`,y:`8`,rx:`2`,ry:`2`,key:`17jyea`}],[`path`,{d:`M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2`,key:`zix9uf`}]]};Wt.node;var Gt=m(Wt),Kt={name:`external-link`,size:24,node:[[`path`,{d:`M15 3h6v6`,key:`1q9fwt`}],[`path`,{d:`M10 14 21 3`,key:`gplh6r`}],[`path`,{d:`M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6`,key:`a6xqqp`}]]};Kt.node;var qt=m(Kt),Jt={name:`git-branch`,size:24,node:[[`path`,{d:`M15 6a9 9 0 0 0-9 9V3`,key:`1cii5b`}],[`circle`,{cx:`18`,cy:`6`,r:`3`,key:`1h7g24`}],[`circle`,{cx:`6`,cy:`18`,r:`3`,key:`fqmcym`}]]};Jt.node;var L=m(Jt),Yt={name:`git-compare`,size:24,node:[[`circle`,{cx:`18`,cy:`18`,r:`3`,key:`1xkwt0`}],[`circle`,{cx:`6`,cy:`6`,r:`3`,key:`1lh9wr`}],[`path`,{d:`M13 6h3a2 2 0 0 1 2 2v7`,key:`1yeb86`}],[`path`,{d:`M11 18H8a2 2 0 0 1-2-2V9`,key:`19pyzm`}]]};Yt.node;var Xt=m(Yt),Zt={name:`key-round`,size:24,node:[[`path`,{d:`M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z`,key:`1s6t7t`}],[`circle`,{cx:`16.5`,cy:`7.5`,r:`.5`,fill:`currentColor`,key:`w0ekpg`}]]};Zt.node;var R=m(Zt),Qt={name:`layout-grid`,size:24,node:[[`rect`,{width:`7`,height:`7`,x:`3`,y:`3`,rx:`1`,key:`1g98yp`}],[`rect`,{width:`7`,height:`7`,x:`14`,y:`3`,rx:`1`,key:`6d4xhi`}],[`rect`,{width:`7`,height:`7`,x:`14`,y:`14`,rx:`1`,key:`nxv5o0`}],[`rect`,{width:`7`,height:`7`,x:`3`,y:`14`,rx:`1`,key:`1bb6yr`}]]};Qt.node;var $t=m(Qt),en={name:`log-out`,size:24,node:[[`path`,{d:`m16 17 5-5-5-5`,key:`1bji2h`}],[`path`,{d:`M21 12H9`,key:`dn1m92`}],[`path`,{d:`M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4`,key:`1uf3rs`}]]};en.node;var tn=m(en),nn={name:`monitor-smartphone`,size:24,node:[[`path`,{d:`M18 8V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h8`,key:`10dyio`}],[`path`,{d:`M10 19v-3.96 3.15`,key:`1irgej`}],[`path`,{d:`M7 19h5`,key:`qswx4l`}],[`rect`,{width:`6`,height:`10`,x:`16`,y:`12`,rx:`2`,key:`1egngj`}]]};nn.node;var rn=m(nn),an={name:`monitor`,size:24,node:[[`rect`,{width:`20`,height:`14`,x:`2`,y:`3`,rx:`2`,key:`48i651`}],[`line`,{x1:`8`,x2:`16`,y1:`21`,y2:`21`,key:`1svkeh`}],[`line`,{x1:`12`,x2:`12`,y1:`17`,y2:`21`,key:`vw1qmm`}]]};an.node;var on=m(an),sn={name:`moon`,size:24,node:[[`path`,{d:`M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401`,key:`kfwtm`}]]};sn.node;var cn=m(sn),ln={name:`plus`,size:24,node:[[`path`,{d:`M5 12h14`,key:`1ays0h`}],[`path`,{d:`M12 5v14`,key:`s699le`}]]};ln.node;var un=m(ln),dn={name:`refresh-cw`,size:24,node:[[`path`,{d:`M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8`,key:`v9h5vc`}],[`path`,{d:`M21 3v5h-5`,key:`1q7to0`}],[`path`,{d:`M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16`,key:`3uifl3`}],[`path`,{d:`M8 16H3v5`,key:`1cv678`}]]};dn.node;var fn=m(dn),pn={name:`rotate-ccw-clock`,size:24,node:[[`path`,{d:`M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8`,key:`1357e3`}],[`path`,{d:`M3 3v5h5`,key:`1xhq8a`}],[`path`,{d:`M12 7v5l4 2`,key:`1fdv2h`}]],aliases:[`history`]};pn.node;var z=m(pn),mn={name:`scroll-text`,size:24,node:[[`path`,{d:`M15 12h-5`,key:`r7krc0`}],[`path`,{d:`M15 8h-5`,key:`1khuty`}],[`path`,{d:`M19 17V5a2 2 0 0 0-2-2H4`,key:`zz82l3`}],[`path`,{d:`M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1-4 0V5a2 2 0 1 0-4 0v2a1 1 0 0 0 1 1h3`,key:`1ph1d7`}]]};mn.node;var hn=m(mn),gn={name:`sparkles`,size:24,node:[[`path`,{d:`M11.017 2.814a1 1 0 0 1 1.966 0l1.051 5.558a2 2 0 0 0 1.594 1.594l5.558 1.051a1 1 0 0 1 0 1.966l-5.558 1.051a2 2 0 0 0-1.594 1.594l-1.051 5.558a1 1 0 0 1-1.966 0l-1.051-5.558a2 2 0 0 0-1.594-1.594l-5.558-1.051a1 1 0 0 1 0-1.966l5.558-1.051a2 2 0 0 0 1.594-1.594z`,key:`1s2grr`}],[`path`,{d:`M20 2v4`,key:`1rf3ol`}],[`path`,{d:`M22 4h-4`,key:`gwowj6`}],[`circle`,{cx:`4`,cy:`20`,r:`2`,key:`6kqj1y`}]],aliases:[`stars`]};gn.node;var _n=m(gn),vn={name:`sun`,size:24,node:[[`circle`,{cx:`12`,cy:`12`,r:`4`,key:`4exip2`}],[`path`,{d:`M12 2v2`,key:`tus03m`}],[`path`,{d:`M12 20v2`,key:`1lh1kg`}],[`path`,{d:`m4.93 4.93 1.41 1.41`,key:`149t6j`}],[`path`,{d:`m17.66 17.66 1.41 1.41`,key:`ptbguv`}],[`path`,{d:`M2 12h2`,key:`1t8f8n`}],[`path`,{d:`M20 12h2`,key:`1q8mjw`}],[`path`,{d:`m6.34 17.66-1.41 1.41`,key:`1m8zz5`}],[`path`,{d:`m19.07 4.93-1.41 1.41`,key:`1shlcs`}]]};vn.node;var yn=m(vn),bn={name:`wifi`,size:24,node:[[`path`,{d:`M12 20h.01`,key:`zekei9`}],[`path`,{d:`M2 8.82a15 15 0 0 1 20 0`,key:`dnpr2z`}],[`path`,{d:`M5 12.859a10 10 0 0 1 14 0`,key:`1x1e6c`}],[`path`,{d:`M8.5 16.429a5 5 0 0 1 7 0`,key:`1bycff`}]]};bn.node;var xn=m(bn),Sn={name:`x`,size:24,node:[[`path`,{d:`M18 6 6 18`,key:`1bl5f8`}],[`path`,{d:`m6 6 12 12`,key:`d8bk6v`}]]};Sn.node;var Cn=m(Sn),wn=120,Tn=5e3;function En(e,t,{when:n=()=>!1,pause:r=!1}={}){let[{data:i,error:a,fetching:o},s]=_e({query:D(e),variables:t,pause:r}),c=(0,y.useCallback)(()=>s({requestPolicy:`network-only`}),[s]),l=(0,y.useRef)(void 0);return(0,y.useEffect)(()=>()=>clearTimeout(l.current),[]),k(e=>{r||e!==null&&!n(e)||(clearTimeout(l.current),l.current=setTimeout(c,wn))}),Dn(c,r),{data:i,error:a&&!kn(a)?a:void 0,fetching:o,refetch:c}}function Dn(e,t){(0,y.useEffect)(()=>{if(t)return;let n=setInterval(()=>{let{state:t,signedOut:n}=T.read();t===`lost`&&!n&&document.visibilityState===`visible`&&e()},Tn);return()=>clearInterval(n)},[e,t])}function On(e){return me(D(e))}function kn(e){return e.response?.status===401}var An=x(`
  query Shell($app: String!) {
    viewer {
      id
      name
      role
      organization {
        name
      }
    }
    apps(first: 100) {
      nodes {
        id
        name
      }
    }
    app(name: $app) {
      id
      databaseId
      name
      eventCursor
      viewerPermissions
      repository {
        id
        url
        branch
        unreachableReason
        head {
          ...CommitSummary
        }
      }
      viewerCapabilities {
        createEnvironment {
          allowed
          reason
        }
      }
      environments(first: 100) {
        nodes {
          ...EnvironmentSummary
        }
      }
    }
  }
`);function jn(e){let t=En(An,{app:e},{when:({kind:e})=>e===`ENVIRONMENT_CREATED`||e===`ENVIRONMENT_DELETED`||e===`REPOSITORY_LINKED`});return nt(t.data?.app?.id,t.data?.app?.eventCursor),t}var Mn=(0,y.createContext)(null),Nn=Mn.Provider;function B(){let e=(0,y.useContext)(Mn);if(!e)throw Error(`Only inside of an app.`);return e}function Pn(){return B().app.environments.nodes}function Fn(e){return B().app.viewerPermissions.includes(e)}function V(){let[,e]=a();return(0,y.useCallback)((t,n={})=>{e(e=>Rn(e,t,n))},[e])}function In(){let[,e]=a();return(0,y.useCallback)(()=>e(zn,{replace:!0}),[e])}var Ln=[`dialog`,`source`,`target`,`to`,`created`,`deployment`,`id`];function Rn(e,t,n){let r=zn(e);r.set(`dialog`,t);for(let[e,t]of Object.entries(n))r.set(e,t);return r}function zn(e){let t=new URLSearchParams(e);for(let e of Ln)t.delete(e);return t}var Bn=(function(){let e=typeof document<`u`&&document.createElement(`link`).relList;return e&&e.supports&&e.supports(`modulepreload`)?`modulepreload`:`preload`})(),Vn=function(e){return`/`+e},Hn={},Un=function(e){return e.pathname.endsWith(`.css`)},Wn=function(e,t,n){if(t in e)return e[t];let r=n();if(!r){e[t]=void 0;return}let i=r.then(()=>{e[t]=void 0},n=>{throw e[t]=void 0,n});return e[t]=i,i},H=function(e,t,n){let r=Promise.resolve();if(t&&t.length>0){let e,i=document.querySelector(`meta[property=csp-nonce]`),a=i?.nonce||i?.getAttribute(`nonce`);function o(e){return Promise.all(e.map(e=>Promise.resolve(e).then(e=>({status:`fulfilled`,value:e}),e=>({status:`rejected`,reason:e}))))}function s(e){return import.meta.resolve?new URL(import.meta.resolve(e)):new URL(e,import.meta.url)}r=o(t.map(t=>{t=Vn(t,n);let r=s(t),i=Un(r);return Wn(Hn,r.href,()=>{if(e===void 0){e={all:new Set,styles:new Set};let t=document.getElementsByTagName(`link`);for(let n=t.length-1;n>=0;n--){let r=t[n];e.all.add(r.href),r.rel===`stylesheet`&&e.styles.add(r.href)}}if((i?e.styles:e.all).has(r.href))return;let t=document.createElement(`link`);if(t.rel=i?`stylesheet`:Bn,i||(t.as=`script`),t.crossOrigin=``,t.href=r.href,a&&t.setAttribute(`nonce`,a),document.head.appendChild(t),i)return new Promise((e,n)=>{let i=a=>{t.removeEventListener(`load`,i),t.removeEventListener(`error`,i),a.type===`error`?n(Error(`Unable to preload CSS for ${r}`)):e(a)};t.addEventListener(`load`,i),t.addEventListener(`error`,i)})})}).filter(e=>e!==void 0))}function i(e){let t=new Event(`vite:preloadError`,{cancelable:!0});if(t.payload=e,window.dispatchEvent(t),!t.defaultPrevented)throw e}return r.then(t=>{for(let e of t||[])e.status===`rejected`&&i(e.reason);return e().catch(i)})},Gn=(0,y.lazy)(()=>H(()=>import(`./create-environment-DpgikeWT.js`),__vite__mapDeps([0,1,2,3,4,5,6,7]))),Kn=(0,y.lazy)(()=>H(()=>import(`./delete-environment-CyQ-65Cb.js`),__vite__mapDeps([8,1,4,2,3,9,10,5,11,12]))),qn=(0,y.lazy)(()=>H(()=>import(`./promote-DOjLA2PB.js`),__vite__mapDeps([13,1,2,4,3,5,14,15,16,17,18])));function Jn(){let[e]=a(),{environment:t}=u(),n=In(),r=Pn().find(({name:n})=>n===(e.get(`target`)??t));return(0,N.jsx)(y.Suspense,{children:i()});function i(){switch(e.get(`dialog`)){case`new-env`:return(0,N.jsx)(Gn,{onClose:n});case`promote`:return r&&(0,N.jsx)(qn,{target:r,onClose:n},r.id);case`delete`:return r&&(0,N.jsx)(Kn,{target:r,onClose:n},r.id);default:return null}}}var Yn=[[`year`,31536e3],[`month`,2592e3],[`week`,604800],[`day`,86400],[`hour`,3600],[`minute`,60]],Xn=new Intl.RelativeTimeFormat(`en`,{numeric:`always`}),Zn=new Intl.DateTimeFormat(`en-GB`,{dateStyle:`medium`,timeStyle:`medium`});function Qn(e,t){let n=(t-Date.parse(e))/1e3;for(let[e,t]of Yn)if(n>=t)return Xn.format(-Math.floor(n/t),e);return n<10?`just now`:Xn.format(-Math.floor(n),`second`)}function U(e){return Zn.format(new Date(e))}function $n(e){let t=Math.max(0,e)/1e3;if(t<1)return`${t.toFixed(1)}s`;if(t<60)return`${Math.floor(t)}s`;let n=Math.floor(t/60);return n<60?`${n}m ${er(t%60)}s`:`${Math.floor(n/60)}h ${er(n%60)}m`}function er(e){return String(Math.floor(e)).padStart(2,`0`)}var tr=6e3,W=[],nr=1,G=new Set;function rr(e){W=e;for(let e of G)e()}function K(e){rr([...W.slice(-2),{...e,id:nr++}])}var ir=e=>rr(W.filter(t=>t.id!==e));function ar(e){return G.add(e),()=>void G.delete(e)}function or(){let e=(0,y.useSyncExternalStore)(ar,()=>W);return(0,N.jsx)(`div`,{className:`toasts`,role:`status`,"aria-label":`Notifications`,children:e.map(e=>(0,N.jsx)(sr,{...e},e.id))})}function sr({id:e,tone:t,text:n,to:r}){return(0,y.useEffect)(()=>{let t=setTimeout(()=>ir(e),tr);return()=>clearTimeout(t)},[e]),(0,N.jsxs)(`div`,{className:`toast`,"data-tone":t,children:[(0,N.jsx)(t===`success`?xe:Vt,{size:16,"aria-hidden":!0}),(0,N.jsx)(`span`,{className:`toast-text`,children:n}),r&&(0,N.jsx)(c,{className:`text-link`,to:r,children:`View`}),(0,N.jsx)(f,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Dismiss`,onPress:()=>ir(e),children:(0,N.jsx)(Cn,{size:14,"aria-hidden":!0})})]})}function cr({sha:e,short:t}){let[n,r]=(0,y.useState)(!1);return(0,y.useEffect)(()=>{if(!n)return;let e=setTimeout(()=>r(!1),1500);return()=>clearTimeout(e)},[n]),(0,N.jsxs)(g,{className:`sha`,"aria-label":`Copy commit ${t}`,"data-copied":n||void 0,onPress:()=>void lr(e,`Copied ${t}.`).then(r),children:[(0,N.jsx)(`code`,{children:t}),n?(0,N.jsx)(I,{size:11,"aria-hidden":!0}):(0,N.jsx)(Gt,{size:11,"aria-hidden":!0})]})}async function lr(e,t){try{await navigator.clipboard.writeText(e)}catch{return K({tone:`danger`,text:`Couldn’t copy. This page may not use the clipboard.`}),!1}return K({tone:`success`,text:t}),!0}function q({label:e,state:t}){return(0,N.jsx)(`span`,{className:`pin-label`,"data-state":t,children:e})}function ur({actor:e}){return e?(0,N.jsxs)(`span`,{className:`actor`,children:[(0,N.jsx)(`span`,{className:`avatar`,"aria-hidden":!0,children:e.kind===`API_KEY`?(0,N.jsx)(R,{size:11}):e.kind===`GIT`?(0,N.jsx)(L,{size:11}):e.kind===`SYSTEM`?(0,N.jsx)(kt,{size:12}):J(e.name)}),(0,N.jsx)(`span`,{children:e.name})]}):(0,N.jsx)(`span`,{className:`subtle`,children:`Unknown`})}function J(e){let t=e.trim().split(/[\s._@-]+/).filter(Boolean);return((t[0]?.[0]??`?`)+(t[1]?.[0]??``)).slice(0,2)}function dr({at:e}){let[t,n]=(0,y.useState)(Date.now);(0,y.useEffect)(()=>{let e=setInterval(()=>n(Date.now()),2e4);return()=>clearInterval(e)},[]);let r=new URLSearchParams(location.search).has(`abs`);return(0,N.jsx)(`time`,{dateTime:e,title:U(e),className:`numeric`,children:r?U(e):Qn(e,Math.max(t,Date.now()))})}function fr(){return(0,N.jsxs)(`svg`,{className:`brand`,viewBox:`0 0 32 32`,width:`24`,height:`24`,role:`img`,"aria-label":`Pinmark`,children:[(0,N.jsx)(`rect`,{width:`32`,height:`32`,rx:`9`,className:`brand-tile`}),(0,N.jsx)(`path`,{d:`M16 6a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7Z`,fill:`#fff`}),(0,N.jsx)(`circle`,{cx:`16`,cy:`13`,r:`2.7`,className:`brand-tile`})]})}function pr(e){return e.deploying?`info`:e.runtime?.state===`FAILED`?`danger`:e.state===`NO_PIN`||!e.contentCommit?`none`:`success`}function Y({environment:e}){return(0,N.jsx)(`span`,{className:`dot`,"data-tone":pr(e),"aria-hidden":!0})}var mr=8;function hr(){let{app:e}=B(),{environment:t}=u(),n=e.environments.nodes,r=n.find(e=>e.name===t);return(0,N.jsxs)(Me,{children:[(0,N.jsxs)(g,{className:`crumb-button`,"aria-label":r?`Environment: ${r.name} · ${r.pinLabel}`:`Environments`,children:[r?(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(Y,{environment:r}),(0,N.jsxs)(`span`,{children:[r.name,` `,(0,N.jsx)(`span`,{className:`subtle`,children:`·`}),` `,(0,N.jsx)(`span`,{className:`crumb-pin`,children:r.pinLabel})]})]}):(0,N.jsx)(`span`,{className:`muted`,children:`All environments`}),(0,N.jsx)(Ft,{size:13,"aria-hidden":!0})]}),(0,N.jsxs)(ze,{className:`popover environment-popover`,placement:`bottom start`,children:[(0,N.jsx)(`span`,{id:`environments-label`,hidden:!0,children:`Environments`}),n.length>mr?(0,N.jsx)(gr,{children:(0,N.jsx)(_r,{current:r})}):(0,N.jsx)(_r,{current:r})]})]})}function gr({children:e}){let{contains:t}=Fe({sensitivity:`base`});return(0,N.jsxs)(De,{filter:t,children:[(0,N.jsx)(Le,{"aria-label":`Find environment`,className:`menu-search field`,autoFocus:!0,children:(0,N.jsx)(Re,{placeholder:`Find environment`})}),e]})}function _r({current:e}){let{app:t}=B(),n=r(),{pathname:i}=d(),a=V(),o=t.viewerPermissions.includes(`environment.insert`),s=e&&!e.isDefault&&t.viewerPermissions.includes(`environment.promote`),c=s&&e.pin!==null&&e.currentVersion>1;function l(e){let r=/\/e\/[^/]+\/(deployments|timeline|settings\/[a-z-]+)/.exec(i)?.[1]??`deployments`;n(`/${t.name}/e/${e.name}/${r}`)}return(0,N.jsxs)(v,{"aria-labelledby":`environments-label`,className:`menu`,children:[(0,N.jsxs)(Ae,{selectionMode:`single`,selectedKeys:e?[e.id]:[],onSelectionChange:()=>void 0,children:[(0,N.jsx)(Ee,{className:`menu-heading`,children:`Switch environment`}),t.environments.nodes.map(t=>(0,N.jsxs)(h,{id:t.id,textValue:t.name,className:`menu-item`,onAction:()=>l(t),children:[(0,N.jsx)(Y,{environment:t}),(0,N.jsx)(_,{slot:`label`,children:t.name}),(0,N.jsxs)(`span`,{className:`menu-item-end`,children:[(0,N.jsxs)(_,{slot:`description`,className:`menu-description`,children:[(0,N.jsx)(q,{label:t.pinLabel,state:t.state}),t.deploying&&(0,N.jsx)(`span`,{className:`menu-deploying`,children:`, Deploying…`})]}),t.id===e?.id?(0,N.jsx)(I,{size:14,"aria-hidden":!0}):(0,N.jsx)(`span`,{className:`check-space`})]})]},t.id))]}),(o||s)&&(0,N.jsx)(ke,{className:`menu-separator`}),o&&(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>a(`new-env`),children:[(0,N.jsx)(un,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:`New environment`})]}),s&&(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>a(`promote`),children:[(0,N.jsx)(P,{size:14,"aria-hidden":!0}),(0,N.jsxs)(_,{slot:`label`,children:[`Promote to `,e.name]})]}),c&&(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>a(`rollback`),children:[(0,N.jsx)(z,{size:14,"aria-hidden":!0}),(0,N.jsxs)(_,{slot:`label`,children:[`Roll back `,e.name]})]})]})}var vr=`pinmark.theme`;function yr(){let e=localStorage.getItem(vr);return e===`light`||e===`dark`?e:`system`}function br(e){localStorage.setItem(vr,e),X()}function X(){let e=yr();e===`system`?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}function Z({crumb:e,viewer:t}){let{app:n}=u();return(0,N.jsxs)(`header`,{className:`header`,children:[(0,N.jsx)(c,{to:`/apps`,className:`header-brand`,"aria-label":`All apps`,children:(0,N.jsx)(fr,{})}),(0,N.jsx)(`nav`,{"aria-label":`Breadcrumb`,className:`breadcrumb`,children:(0,N.jsxs)(`ol`,{children:[(0,N.jsx)(`li`,{className:`breadcrumb-app`,children:n?(0,N.jsx)(c,{to:`/${n}`,children:n}):(0,N.jsx)(`span`,{className:`breadcrumb-here`,children:e})}),(0,N.jsx)(Sr,{})]})}),(0,N.jsx)(wr,{viewer:t})]})}function xr(){try{return B()}catch{return null}}function Sr(){return xr()?(0,N.jsx)(`li`,{children:(0,N.jsx)(hr,{})}):null}var Cr=[{id:`system`,text:`System`,icon:on},{id:`light`,text:`Light`,icon:yn},{id:`dark`,text:`Dark`,icon:cn}];function wr({viewer:e}){let t=xr(),n=r(),[i,a]=(0,y.useState)(yr),o=e??t?.viewer;return(0,N.jsxs)(Me,{children:[(0,N.jsx)(g,{className:`account`,"aria-label":o?`Account: ${o.name}`:`Account`,children:(0,N.jsx)(`span`,{className:`avatar`,"aria-hidden":!0,children:J(o?.name??`?`)})}),(0,N.jsxs)(ze,{className:`popover account-popover`,placement:`bottom end`,children:[o&&(0,N.jsxs)(`div`,{className:`account-who`,children:[(0,N.jsx)(`strong`,{children:o.name}),(0,N.jsxs)(`span`,{className:`subtle`,children:[o.organization.name,o.role&&` · ${o.role.toLowerCase()}`]})]}),(0,N.jsxs)(v,{className:`menu`,children:[(0,N.jsxs)(Ae,{selectionMode:`single`,disallowEmptySelection:!0,selectedKeys:[i],onSelectionChange:e=>{let[t]=e;t&&(br(t),a(t))},children:[(0,N.jsx)(Ee,{className:`menu-heading`,children:`Theme`}),Cr.map(({id:e,text:t,icon:n})=>(0,N.jsxs)(h,{id:e,textValue:t,className:`menu-item`,children:[(0,N.jsx)(n,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:t}),i===e&&(0,N.jsx)(`span`,{className:`menu-item-end`,children:(0,N.jsx)(I,{size:14,"aria-hidden":!0})})]},e))]}),(0,N.jsx)(ke,{className:`menu-separator`}),(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>void n(`/organization`),children:[(0,N.jsx)(Nt,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:`Organization`})]}),(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>void n(`/organization/sessions`),children:[(0,N.jsx)(rn,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:`Your sessions`})]}),(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>location.assign(`/graphiql`),children:[(0,N.jsx)(qt,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:`API explorer`})]}),(0,N.jsxs)(h,{className:`menu-item`,onAction:()=>void Tr(),children:[(0,N.jsx)(tn,{size:14,"aria-hidden":!0}),(0,N.jsx)(_,{slot:`label`,children:`Sign out`})]})]})]})]})}async function Tr(){await fetch(`/auth/sign-out`,{method:`POST`,headers:{"content-type":`application/json`},body:`{}`}),location.assign(`/login`)}var Q=new Map;function Er(e,t){Q.set(e,t)}function Dr(e){Q.delete(e)}function Or(){k(e=>{let t=e?.deployment,n=t&&Q.get(t.id);if(!n||t.status===`IN_PROGRESS`)return;Q.delete(t.id);let r=`v${t.version} to ${t.environment.name}`;t.status===`DEPLOYED`?K({tone:`success`,text:`Deployed ${r}.`,to:n}):K({tone:`danger`,text:`Could not deploy ${r}.`,to:n})})}function kr(){let{app:e}=B(),t=`/${e.name}`,[n,r]=e.environments.nodes,i=t=>e.viewerPermissions.includes(t),a=n&&r&&`${t}/compare/${n.name}...${r.name}`,o=[{to:t,text:`Overview`,icon:$t,shown:!0},{to:a??``,text:`Compare`,icon:Xt,shown:a!==void 0},{to:`${t}/settings/api-keys`,text:`API keys`,icon:R,shown:i(`api_key.read`)},{to:`${t}/settings/repository`,text:`Repository`,icon:L,shown:!0},{to:`${t}/audit`,text:`Audit log`,icon:hn,shown:i(`audit.read`)}];return(0,N.jsxs)(`nav`,{"aria-label":`Main`,className:`sidebar`,children:[(0,N.jsxs)(`ul`,{className:`sidebar-pages`,children:[o.filter(({shown:e})=>e).map(({to:e,text:n,icon:r})=>(0,N.jsx)(`li`,{children:(0,N.jsxs)(ee,{to:e,end:e===t,className:`sidebar-link`,children:[(0,N.jsx)(r,{size:15,"aria-hidden":!0}),n]})},n)),(0,N.jsx)(`li`,{children:(0,N.jsxs)(`a`,{href:`/graphiql`,className:`sidebar-link`,children:[(0,N.jsx)(jt,{size:15,"aria-hidden":!0}),`API explorer`]})})]}),(0,N.jsx)(`p`,{className:`sidebar-heading`,id:`sidebar-environments`,children:`Environments`}),(0,N.jsx)(`ul`,{className:`sidebar-environments`,"aria-labelledby":`sidebar-environments`,children:e.environments.nodes.map(e=>(0,N.jsx)(`li`,{children:(0,N.jsxs)(ee,{to:`${t}/e/${e.name}`,className:`sidebar-link`,children:[(0,N.jsx)(Y,{environment:e}),(0,N.jsx)(`span`,{className:`sidebar-name`,children:e.name}),(0,N.jsx)(q,{label:e.pinLabel,state:e.state})]})},e.id))})]})}function Ar(){let{app:e=``}=u(),n=jn(e),{data:r}=n;return Or(),r?.app?(localStorage.setItem(`pinmark.app`,r.app.name),(0,N.jsxs)(Nn,{value:{app:r.app,viewer:r.viewer,apps:r.apps.nodes},children:[(0,N.jsxs)(`div`,{className:`shell`,children:[(0,N.jsx)(Z,{}),(0,N.jsx)(kr,{}),(0,N.jsx)(`main`,{id:`content`,className:`content`,tabIndex:-1,children:(0,N.jsx)(t,{})})]}),(0,N.jsx)(Jn,{})]})):(0,N.jsxs)(`div`,{className:`shell`,children:[(0,N.jsx)(Z,{}),(0,N.jsx)(`main`,{id:`content`,className:`content`,children:r?(0,N.jsx)(p,{what:`No app named ${e}`,nearest:(0,N.jsx)(wt,{to:e,of:r.apps.nodes,at:e=>`/${e.name}`})}):(0,N.jsx)(`div`,{className:`page`,children:n.error?(0,N.jsx)(we,{what:`the app`,error:n.error,retry:n.refetch}):(0,N.jsx)(Ce,{count:4,height:`card`})})})]})}function jr({tone:e=`neutral`,icon:t,look:n,children:r}){return(0,N.jsxs)(`span`,{className:`chip`,"data-tone":e,"data-look":n,children:[t&&(0,N.jsx)(t,{size:12,strokeWidth:2.25,"aria-hidden":!0}),r]})}var Mr={running:{tone:`info`,icon:be},done:{tone:`success`,icon:xe},failed:{tone:`danger`,icon:Vt},skipped:{tone:`neutral`,icon:zt},waiting:{tone:`neutral`,icon:Lt}};function Nr({progress:e,children:t}){let{state:n}=E(),r=n===`lost`&&(e===`running`||e===`waiting`),{tone:i,icon:a}=Mr[e];return(0,N.jsxs)(`span`,{className:`chip`,"data-tone":i,"data-stale":r||void 0,children:[(0,N.jsx)(a,{size:12,strokeWidth:2.25,"aria-hidden":!0,className:e===`running`&&!r?`spin`:void 0}),t,r&&(0,N.jsx)(`span`,{className:`visually-hidden`,children:` (last known)`})]})}var Pr=(0,y.createContext)(null);function Fr(){let e=(0,y.useContext)(Pr);if(!e)throw Error(`Only inside of an environment.`);return e}function Ir(){let{app:e}=B(),{environment:n}=u(),r=e.environments.nodes.find(e=>e.name===n),i=Lr(n);return r?(0,N.jsx)(Pr,{value:r,children:(0,N.jsxs)(`div`,{className:`page`,children:[(0,N.jsx)(Rr,{environment:r}),(0,N.jsx)(zr,{at:`/${e.name}/e/${r.name}`,children:(0,N.jsx)(t,{})})]})}):(0,N.jsx)(p,{what:i?`This environment was deleted by ${i}.`:`No environment named ${n}`,...i&&{why:`Its history stays in the audit log.`},nearest:(0,N.jsx)(wt,{to:n,of:e.environments.nodes,at:t=>`/${e.name}/e/${t.name}`})})}function Lr(e){let[t,n]=(0,y.useState)(null);return k(e=>{e?.kind===`ENVIRONMENT_DELETED`&&e.environment&&n({name:e.environment.name,by:e.actor?.name??`somebody`})}),t?.name===e?t?.by??null:null}function Rr({environment:e}){let t=Fn(`environment.promote`)&&!e.isDefault,n=V(),r=e.contentCommit;return(0,N.jsxs)(`div`,{className:`environment-head`,children:[(0,N.jsxs)(`div`,{className:`environment-title`,children:[(0,N.jsx)(`span`,{className:`environment-name`,children:e.name}),(0,N.jsx)(q,{label:e.pinLabel,state:e.state}),e.deploying&&(0,N.jsx)(Nr,{progress:`running`,children:`Deploying…`})]}),(0,N.jsx)(`p`,{className:`environment-serves muted`,children:r?(0,N.jsxs)(N.Fragment,{children:[`Serves `,(0,N.jsx)(cr,{sha:r.sha,short:r.shortSha}),` `,(0,N.jsx)(`span`,{className:`environment-message`,children:r.message?.split(`
`)[0]}),e.pin&&(0,N.jsxs)(`span`,{children:[` `,`· since `,(0,N.jsx)(dr,{at:e.pin.since})]})]}):`Serves nothing yet.`}),t&&(0,N.jsxs)(`div`,{className:`page-head-aside`,children:[e.currentVersion>1&&e.pin&&(0,N.jsxs)(f,{onPress:()=>n(`rollback`),children:[(0,N.jsx)(z,{size:14,"aria-hidden":!0}),`Roll back`]}),(0,N.jsxs)(f,{variant:`primary`,onPress:()=>n(`promote`),children:[(0,N.jsx)(P,{size:14,"aria-hidden":!0}),`Promote to `,e.name]})]})]})}var $=[{path:`deployments`,text:`Deployments`},{path:`timeline`,text:`Timeline`},{path:`settings/general`,text:`Settings`}];function zr({at:e,children:t}){let{pathname:n}=d(),r=$.find(({path:t})=>n.startsWith(`${e}/${t.split(`/`)[0]}`))??$[0];return(0,N.jsxs)(je,{selectedKey:r.path,keyboardActivation:`manual`,className:`tabs`,children:[(0,N.jsx)(Pe,{"aria-label":`Environment`,className:`tab-list`,children:$.map(({path:t,text:n})=>(0,N.jsx)(Ne,{id:t,href:`${e}/${t}`,className:`tab`,children:n},t))}),(0,N.jsx)(Ie,{id:r.path,className:`tab-panel`,children:t})]})}var Br=1e3,Vr=1e4,Hr=3e3,Ur=new Intl.DateTimeFormat(`en-GB`,{timeStyle:`short`});function Wr(){let{state:e,lostAt:t,restoredAt:n,outdated:r}=E(),i=Gr(e===`lost`||n!==null&&Date.now()-n<3500),a=t===null?0:i-t;return(0,N.jsx)(`div`,{className:`banner-slot`,role:`status`,"aria-label":`Connection`,children:r?(0,N.jsxs)(`div`,{className:`banner`,"data-tone":`info`,children:[(0,N.jsx)(_n,{size:14,"aria-hidden":!0}),`A new version is available.`,(0,N.jsx)(f,{size:`small`,onPress:()=>location.reload(),children:`Reload`})]}):t!==null&&a>=Br?(0,N.jsxs)(`div`,{className:`banner`,"data-tone":`warning`,children:[(0,N.jsx)(Ut,{size:14,"aria-hidden":!0}),navigator.onLine?`Connection lost. Reconnecting…`:`You’re offline. Showing data from ${Ur.format(t)}.`,a>=Vr&&(0,N.jsxs)(f,{size:`small`,onPress:pt,children:[(0,N.jsx)(fn,{size:12,"aria-hidden":!0}),`Reconnect now`]})]}):n!==null&&i-n<Hr?(0,N.jsxs)(`div`,{className:`banner`,"data-tone":`success`,children:[(0,N.jsx)(xn,{size:14,"aria-hidden":!0}),`Back online.`]}):null})}function Gr(e){let[t,n]=(0,y.useState)(Date.now);return(0,y.useEffect)(()=>{if(!e)return;n(Date.now());let t=setInterval(()=>n(Date.now()),250);return()=>clearInterval(t)},[e]),t}var Kr=(0,y.lazy)(()=>H(()=>import(`./sign-in-again-lnLF03S0.js`),__vite__mapDeps([19,1,2,4,3,5,20,21])));function qr(){let e=r(),{pathname:n}=d(),{signedOut:i}=E();return(0,N.jsxs)(Oe,{navigate:t=>void e(t),useHref:o,children:[(0,N.jsx)(`a`,{className:`skip-link`,href:`#content`,children:`Skip to content`}),(0,N.jsx)(Wr,{}),(0,N.jsx)(t,{}),(0,N.jsx)(or,{}),(0,N.jsx)(y.Suspense,{children:i&&n!==`/login`&&(0,N.jsx)(Kr,{})})]})}function Jr(){let e=s(),t=n(e)?e.statusText:e instanceof Error?e.message:``;return(0,N.jsxs)(`main`,{id:`content`,className:`page`,children:[(0,N.jsx)(`h1`,{className:`visually-hidden`,children:`Something went wrong`}),(0,N.jsxs)(Se,{icon:Te,title:`Something went wrong`,children:[(0,N.jsx)(`p`,{children:t}),(0,N.jsx)(f,{onPress:()=>location.reload(),children:`Reload`})]})]})}var Yr=[{element:(0,N.jsx)(qr,{}),errorElement:(0,N.jsx)(Jr,{}),hydrateFallbackElement:(0,N.jsx)(N.Fragment,{}),children:[{path:`/`,lazy:()=>H(()=>import(`./last-app-CTd4cb9F.js`),__vite__mapDeps([22,2,1]))},{path:`/apps`,lazy:()=>H(()=>import(`./apps-Bm-Uzmwy.js`),__vite__mapDeps([23,1,9,4,2,3,5,10,11,6,7,24]))},{path:`/login`,lazy:()=>H(()=>import(`./sign-in-C1zIFjY3.js`),__vite__mapDeps([25,2,1,4,3,20,21]))},{path:`/organization`,lazy:()=>H(()=>import(`./layout-LV6rnX8G.js`),__vite__mapDeps([26,4,1,2,3,27,12])),children:[{index:!0,lazy:()=>H(()=>import(`./plan-BWqhiUZp.js`),__vite__mapDeps([28,4,1,2,3,26,27,12,29]))},{path:`members`,lazy:()=>H(()=>import(`./members-BUFPcE4l.js`),__vite__mapDeps([30,1,31,4,2,3,32,10,14,5,33,26,27,12,29,34,35]))},{path:`invitations`,lazy:()=>H(()=>import(`./invitations-9OkqWpbs.js`),__vite__mapDeps([36,1,26,4,2,3,27,12,32,10,14,5,33,29,34,11,35,37]))},{path:`roles`,lazy:()=>H(()=>import(`./roles-BNVPuqXt.js`),__vite__mapDeps([38,1,39,4,2,3,26,27,12,40,10,41,34,5,11,33]))},{path:`service-tokens`,lazy:()=>H(()=>import(`./service-tokens-CewNf7Jz.js`),__vite__mapDeps([42,1,43,2,4,3,14,10,41,34,5,11,35,37,33,26,27,12,29]))},{path:`sessions`,lazy:()=>H(()=>import(`./sessions-B-RJqTqZ.js`),__vite__mapDeps([44,1,2,10,4,3]))},{path:`*`,element:(0,N.jsx)(p,{what:`No such page`})}]},{path:`/:app`,element:(0,N.jsx)(Ar,{}),children:[{index:!0,lazy:()=>H(()=>import(`./overview-2a_8Mohy.js`),__vite__mapDeps([45,4,1,2,3,18,46,27]))},{path:`e/:environment`,element:(0,N.jsx)(Ir,{}),children:[{index:!0,lazy:()=>H(()=>import(`./to-deployments-Cgr5uuR6.js`),__vite__mapDeps([47,2,1]))},{path:`deployments`,lazy:()=>H(()=>import(`./deployments-WaTrj1oU.js`),__vite__mapDeps([48,1,4,2,3,14,31,10,15,5,16,17,18,49]))},{path:`deployments/:deployment`,lazy:()=>H(()=>import(`./deployment-D6X64jBT.js`),__vite__mapDeps([50,4,1,2,3,15,5,16,17,18,51]))},{path:`settings`,lazy:()=>H(()=>import(`./layout-BW1t6tnE.js`),__vite__mapDeps([52,2,1,12])),children:[{index:!0,lazy:()=>H(()=>import(`./to-general-BZnybUL5.js`),__vite__mapDeps([53,2,1]))},{path:`general`,lazy:()=>H(()=>import(`./general-CmdoS74i.js`),__vite__mapDeps([54,40,4,1,2,3]))},{path:`variables`,lazy:()=>H(()=>import(`./variables-C1bbUgI8.js`),__vite__mapDeps([55,1,56,4,2,3,39,40,10,34,5,14,11,27]))}]}]},{path:`settings`,lazy:()=>H(()=>import(`./to-api-keys-DqDWKuHG.js`),__vite__mapDeps([57,2,1]))},{path:`settings/api-keys`,lazy:()=>H(()=>import(`./api-keys-Cx2UziF-.js`),__vite__mapDeps([58,1,43,2,4,3,14,10,34,5,35,37,41,11,6,27,12]))},{path:`settings/repository`,lazy:()=>H(()=>import(`./repository-LLe-PsgA.js`),__vite__mapDeps([59,1,56,4,2,3,10,34,5,11,12]))},{path:`audit`,lazy:()=>H(()=>import(`./audit-CEw-9zd1.js`),__vite__mapDeps([60,1,4,2,3,16,14,35,61,27,12]))},{path:`*`,element:(0,N.jsx)(p,{what:`No such page`})}]},{path:`*`,element:(0,N.jsx)(p,{what:`No such page`})}]}];X(),it(),(0,Be.createRoot)(document.getElementById(`root`)).render((0,N.jsx)(y.StrictMode,{children:(0,N.jsx)(ue,{value:St,children:(0,N.jsx)(l,{router:te(Yr)})})}));export{rn as A,D as B,Fn as C,z as D,hn as E,I as F,E as H,Nt as I,P as L,L as M,Gt as N,fn as O,Ft as P,pt as R,Pn as S,En as T,x as U,T as V,$n as _,Dr as a,Rn as b,fr as c,cr as d,dr as f,U as g,K as h,Er as i,R as j,un as k,ur as l,J as m,jr as n,Z as o,lr as p,Nr as r,Y as s,Fr as t,q as u,In as v,On as w,B as x,V as y,k as z};