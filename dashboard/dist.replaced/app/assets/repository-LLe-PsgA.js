import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{M as t,N as n,O as r,T as i,U as a,d as o,f as s,h as c,p as l,r as u,v as d,w as f,x as p,y as m}from"./index-mv9dfs_q.js";import{n as h,t as g}from"./eye-C2uoIe1b.js";import{h as _,t as v,v as y}from"./react-B6UzECmg.js";import{n as b,t as x}from"./outcome-xfXXgtcr.js";import{a as S,c as C,n as w,o as T,r as E,s as D}from"./states-B-eikp2b.js";import{t as O}from"./confirm-DvzlpVSG.js";import{D as k}from"./aria-D0QAGK99.js";import{t as A}from"./dialog-B0A4TVfs.js";import{t as j}from"./field-DS3pxyUm.js";/* empty css                 */var M=e(y(),1),N=v(),P=a(`
  mutation LinkRepository($input: LinkRepositoryInput!) {
    linkRepository(input: $input) {
      ... on LinkRepositorySuccess {
        repository {
          ...RepositoryFacts
        }
      }
      ... on UserError {
        code
        message
      }
      ... on InvalidInputError {
        code
        message
        field
      }
    }
  }
`);function F({appId:e,linked:t,onClose:n,onLinked:r}){let[i,a]=(0,M.useState)(t?.url??``),[o,s]=(0,M.useState)(t?.branch??`main`),[c,l]=(0,M.useState)(``),[u,d]=(0,M.useState)(``),[p,m]=(0,M.useState)(``),[h,g]=(0,M.useState)(null),[{fetching:_},v]=f(P),y=(0,M.useMemo)(x,[i,o,c,u,p]),w=/^(ssh:\/\/|[^/]+@[^/]+:)/.test(i.trim()),T=i.trim().startsWith(`https://`);async function E(){if(_)return;let{data:t,error:n}=await v({input:{appId:e,url:i.trim(),branch:o.trim(),token:T&&c?c:null,deployKey:w&&u?u:null,hostKey:w&&p?p.trim():null,idempotencyKey:y}}),a=t?.linkRepository,s=b(a,n);if(!s)return r();g({field:a&&`field`in a?a.field:``,message:s})}let D=e=>h?.field===e?h.message:null,O=h&&![`url`,`branch`,`token`,`deployKey`,`hostKey`].includes(h.field);return(0,N.jsxs)(A,{title:`Link a repository`,wide:!0,onClose:n,foot:(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(C,{onPress:n,children:`Cancel`}),(0,N.jsx)(C,{variant:`primary`,type:`submit`,form:`link-repository`,isDisabled:i.trim()===``||o.trim()===``,isPending:_,pendingText:`Reaching it…`,children:`Link repository`})]}),children:[(0,N.jsxs)(k,{id:`link-repository`,className:`stack`,onSubmit:e=>{e.preventDefault(),E()},children:[(0,N.jsx)(j,{label:`Address`,value:i,onChange:a,mono:!0,autoFocus:!0,placeholder:`https://github.com/you/app.git`,hint:`https, or ssh such as git@github.com:you/app.git. A path only where the operator allows it.`,trouble:D(`url`)}),(0,N.jsx)(j,{label:`Branch`,value:o,onChange:s,mono:!0,hint:`dev follows it.`,trouble:D(`branch`)}),T&&(0,N.jsx)(j,{label:`Token (optional)`,value:c,onChange:l,type:`password`,hint:`One that may read the repository. Kept encrypted.`,trouble:D(`token`)}),w&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(j,{label:`Deploy key`,value:u,onChange:d,mono:!0,lines:4,placeholder:`-----BEGIN OPENSSH PRIVATE KEY-----`,hint:`A private key without a passphrase. Kept encrypted.`,trouble:D(`deployKey`)}),(0,N.jsx)(j,{label:`Host key (optional)`,value:p,onChange:m,mono:!0,placeholder:`SHA256:…`,hint:`Without one, the key that the host shows now is kept.`,trouble:D(`hostKey`)})]})]}),O&&(0,N.jsx)(S,{tone:`danger`,children:h.message})]})}var I=a(`
  query RepositoryPage($app: String!) {
    app(name: $app) {
      id
      viewerCapabilities {
        linkRepository {
          allowed
          reason
        }
      }
      repository {
        ...RepositoryFacts
      }
    }
  }
`),L=a(`
  fragment RepositoryFacts on Repository {
    id
    url
    branch
    hostKey
    deployKeyFingerprint
    observedAt
    unreachableReason
    webhook {
      githubUrl
      gitlabUrl
      secret
    }
    head {
      ...CommitSummary
    }
  }
`),R=a(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      ... on RotateWebhookSecretSuccess {
        repository {
          ...RepositoryFacts
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function z(){let{app:e}=p(),n=i(I,{app:e.name},{when:({kind:e})=>e===`REPOSITORY_LINKED`}),r=n.data?.app;return(0,N.jsxs)(`div`,{className:`page`,children:[(0,N.jsxs)(`div`,{className:`page-head`,children:[(0,N.jsx)(D,{title:`Repository`}),r?.repository&&r.viewerCapabilities.linkRepository.allowed&&(0,N.jsx)(`div`,{className:`page-head-aside`,children:(0,N.jsx)(B,{children:`Link another`})})]}),n.error&&(0,N.jsx)(E,{what:`the repository`,error:n.error,retry:n.refetch}),!r&&!n.error&&(0,N.jsx)(T,{count:2,height:`card`}),r&&!r.repository&&(0,N.jsxs)(w,{icon:t,title:`No repository linked.`,children:[(0,N.jsx)(`p`,{children:r.viewerCapabilities.linkRepository.allowed?`Once one is, dev follows its branch, and what is in dev can be promoted.`:r.viewerCapabilities.linkRepository.reason}),r.viewerCapabilities.linkRepository.allowed&&(0,N.jsx)(B,{isPrimary:!0,children:`Link a repository`})]}),r?.repository&&(0,N.jsx)(V,{repository:r.repository}),(0,N.jsx)(W,{app:r,refetch:n.refetch})]})}function B({children:e,isPrimary:t=!1}){let n=m();return(0,N.jsx)(C,{variant:t?`primary`:void 0,onPress:()=>n(`link-repository`),children:e})}function V({repository:e}){let{url:t,branch:n,head:r,observedAt:i,unreachableReason:a,hostKey:c,deployKeyFingerprint:l,webhook:d}=e;return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsxs)(`section`,{className:`card`,"aria-label":`Linked repository`,children:[(0,N.jsxs)(`div`,{className:`panel-head`,children:[(0,N.jsx)(`h2`,{children:t}),a?(0,N.jsx)(u,{progress:`failed`,children:`Can’t be read`}):(0,N.jsx)(u,{progress:`done`,children:`Followed`})]}),(0,N.jsxs)(`dl`,{className:`facts`,children:[(0,N.jsx)(`dt`,{children:`Branch`}),(0,N.jsx)(`dd`,{className:`mono`,children:n}),(0,N.jsx)(`dt`,{children:`Head`}),(0,N.jsx)(`dd`,{children:r?(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(o,{sha:r.sha,short:r.shortSha}),(0,N.jsx)(`span`,{className:`subtle`,children:r.message?.split(`
`)[0]})]}):(0,N.jsx)(`span`,{className:`subtle`,children:`Not seen yet`})}),(0,N.jsx)(`dt`,{children:`Looked at`}),(0,N.jsx)(`dd`,{children:i?(0,N.jsx)(s,{at:i}):(0,N.jsx)(`span`,{className:`subtle`,children:`Not yet`})}),c&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`dt`,{children:`Host key`}),(0,N.jsx)(`dd`,{className:`mono`,children:c})]}),l&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`dt`,{children:`Deploy key`}),(0,N.jsx)(`dd`,{className:`mono`,children:l})]})]})]}),a&&(0,N.jsx)(S,{tone:`danger`,children:a}),d&&(0,N.jsx)(H,{webhook:d})]})}function H({webhook:e}){let t=m(),[n,i]=(0,M.useState)(!1);return(0,N.jsxs)(`section`,{className:`card`,"aria-labelledby":`webhook`,children:[(0,N.jsxs)(`div`,{className:`panel-head`,children:[(0,N.jsx)(`h2`,{id:`webhook`,children:`Webhook`}),(0,N.jsx)(`span`,{className:`subtle`,children:`Pushes are seen at once. Without it they are seen with the next look.`})]}),(0,N.jsxs)(`dl`,{className:`facts`,children:[(0,N.jsx)(`dt`,{children:`GitHub`}),(0,N.jsxs)(`dd`,{children:[(0,N.jsx)(`code`,{children:e.githubUrl}),(0,N.jsx)(U,{what:`GitHub URL`,text:e.githubUrl}),(0,N.jsx)(`span`,{className:`fact-hint`,children:`Settings → Webhooks; content type application/json, just the push event`})]}),(0,N.jsx)(`dt`,{children:`GitLab`}),(0,N.jsxs)(`dd`,{children:[(0,N.jsx)(`code`,{children:e.gitlabUrl}),(0,N.jsx)(U,{what:`GitLab URL`,text:e.gitlabUrl}),(0,N.jsx)(`span`,{className:`fact-hint`,children:`Settings → Webhooks; push events`})]}),(0,N.jsx)(`dt`,{children:`Secret`}),(0,N.jsxs)(`dd`,{children:[(0,N.jsx)(`code`,{children:n?e.secret:`••••••••••••••••`}),(0,N.jsx)(C,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":n?`Hide secret`:`Show secret`,onPress:()=>i(!n),children:n?(0,N.jsx)(h,{size:14,"aria-hidden":!0}):(0,N.jsx)(g,{size:14,"aria-hidden":!0})}),(0,N.jsx)(U,{what:`secret`,text:e.secret}),(0,N.jsxs)(C,{size:`small`,onPress:()=>t(`revoke`),children:[(0,N.jsx)(r,{size:13,"aria-hidden":!0}),`New secret`]})]})]})]})}function U({what:e,text:t}){return(0,N.jsx)(C,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Copy ${e}`,onPress:()=>void l(t,`Copied the ${e}.`),children:(0,N.jsx)(n,{size:13,"aria-hidden":!0})})}function W({app:e,refetch:t}){let[n]=_(),r=d(),[,i]=f(R),a=n.get(`dialog`);return e?a===`link-repository`&&e.viewerCapabilities.linkRepository.allowed?(0,N.jsx)(F,{appId:e.id,linked:e.repository,onClose:r,onLinked:()=>{c({tone:`success`,text:`Linked. dev is being deployed.`}),r(),t()}}):a!==`revoke`||!e.repository?.webhook?null:(0,N.jsx)(O,{title:`New webhook secret`,act:`Make a new secret`,pendingText:`Making…`,onClose:r,onAct:async()=>{let{data:t,error:n}=await i({input:{appId:e.id}});return b(t?.rotateWebhookSecret,n)},children:(0,N.jsx)(`p`,{children:`The old one is refused at once. Give the new one to the Git host, or pushes are seen only with the next look.`})}):null}export{z as Component,L as RepositoryFacts};