import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{h as t,n,t as r,v as i}from"./react-B6UzECmg.js";import{a,c as o,o as s,p as c,r as l}from"./states-B-eikp2b.js";import{t as u}from"./dialog-B0A4TVfs.js";import{C as d,F as f,S as p,T as m,U as h,b as g,d as _,w as v,x as y}from"./index-mv9dfs_q.js";import{M as b,n as x,t as S}from"./aria-D0QAGK99.js";import{t as C}from"./choice-SxI41KTg.js";import{i as w,o as T,s as E,t as D}from"./progress-CjotDPRf.js";import{l as O}from"./deployment-Bdm8vrK8.js";var k={name:`package-check`,size:24,node:[[`path`,{d:`M12 22V12`,key:`d0xqtd`}],[`path`,{d:`m16 17 2 2 4-4`,key:`uh5qu3`}],[`path`,{d:`M21 11.127V8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.729l7 4a2 2 0 0 0 2 .001l1.32-.753`,key:`kpkbpo`}],[`path`,{d:`M3.29 7 12 12l8.71-5`,key:`19ckod`}],[`path`,{d:`m7.5 4.27 8.997 5.148`,key:`9yrvtv`}]]};k.node;var A=c(k),j=e(i(),1),M=r(),N={PROMPT:`Templates`,COMPONENT:`Components`,DATASET:`Datasets`,SCHEMA:`Schemas`,CONFIGURATION:`Configuration`};function P(e){return e.commitRelation===`SAME`&&F(e)===0}function F({content:e}){return e.counts.reduce((e,{added:t,changed:n,removed:r})=>e+t+n+r,0)}function I({comparison:e,nextVersion:t}){let{sourceCommit:n,targetCommit:r,commits:i,content:a,code:o,build:s}=e;return(0,M.jsxs)(`div`,{className:`comparison`,children:[(0,M.jsxs)(`div`,{className:`comparison-line`,children:[r?(0,M.jsx)(_,{sha:r.sha,short:r.shortSha}):(0,M.jsx)(`span`,{children:`nothing`}),(0,M.jsx)(E,{size:13,"aria-label":`to`,role:`img`,className:`subtle`}),n&&(0,M.jsx)(_,{sha:n.sha,short:n.shortSha}),(0,M.jsxs)(`span`,{className:`muted`,children:[`· `,R(e)]}),(0,M.jsxs)(`span`,{className:`comparison-version`,children:[r?`v${t-1}`:`no pin`,` → `,(0,M.jsxs)(`strong`,{children:[`v`,t]})]})]}),i&&i.nodes.length>0&&(0,M.jsxs)(`ol`,{className:`comparison-commits`,children:[i.nodes.map(e=>(0,M.jsxs)(`li`,{children:[(0,M.jsx)(`code`,{className:`subtle`,children:e.shortSha}),(0,M.jsx)(`span`,{className:`comparison-message`,children:O(e.message)}),(0,M.jsx)(`span`,{className:`subtle`,children:e.authorName})]},e.sha)),i.totalCount>i.nodes.length&&(0,M.jsxs)(`li`,{className:`subtle`,children:[`and `,i.totalCount-i.nodes.length,` more`]})]}),(0,M.jsxs)(`dl`,{className:`comparison-counts`,children:[a.counts.map(e=>(0,M.jsxs)(`div`,{children:[(0,M.jsx)(`dt`,{children:N[e.kind]}),(0,M.jsx)(`dd`,{className:`numeric`,children:(0,M.jsx)(L,{...e})})]},e.kind)),(0,M.jsxs)(`div`,{children:[(0,M.jsx)(`dt`,{children:`Code`}),(0,M.jsx)(`dd`,{className:`numeric`,children:o.files?.totalCount??`–`})]})]}),(0,M.jsxs)(`p`,{className:`comparison-build muted`,children:[s.wouldHitCache?(0,M.jsx)(A,{size:14,"aria-hidden":!0}):(0,M.jsx)(T,{size:14,"aria-hidden":!0}),s.unavailableReason??(s.wouldHitCache?`A kept build will be used: no code is built.`:`The code will be built.`)]})]})}function L({added:e,changed:t,removed:n}){return e+t+n===0?(0,M.jsx)(`span`,{className:`subtle`,children:`0`}):(0,M.jsxs)(M.Fragment,{children:[e>0&&(0,M.jsxs)(`span`,{className:`count-added`,children:[`+`,e]}),t>0&&(0,M.jsxs)(`span`,{className:`count-changed`,children:[`~`,t]}),n>0&&(0,M.jsxs)(`span`,{className:`count-removed`,children:[`−`,n]})]})}function R({commitRelation:e,commits:t}){let n=t?.totalCount??0,r=`${n} commit${n===1?``:`s`}`;switch(e){case`SAME`:return`the same commit`;case`BEHIND`:return`an older commit`;case`FIRST`:return`the first version`;case`AHEAD`:return r;default:return`unrelated commits`}}function z({source:e,target:t}){return(0,M.jsxs)(`p`,{className:`comparison-same muted`,children:[(0,M.jsx)(f,{size:14,"aria-hidden":!0}),e,` and `,t,` already run the same commit and content.`]})}var B=h(`
  query PromotePreview($source: ID!, $target: ID!) {
    comparison(sourceId: $source, targetId: $target) {
      sourceVersion
      targetVersion
      commitRelation
      sourceCommit {
        ...CommitSummary
      }
      targetCommit {
        ...CommitSummary
      }
      commits(first: 4) {
        totalCount
        nodes {
          ...CommitSummary
        }
      }
      content {
        counts {
          kind
          added
          changed
          removed
        }
      }
      code {
        unavailableReason
        files(first: 0) {
          totalCount
        }
      }
      build {
        wouldHitCache
        unavailableReason
        cacheDecision {
          kind
          detail
        }
      }
    }
  }
`),V=h(`
  mutation PromoteEnvironment($input: PromoteEnvironmentInput!) {
    promoteEnvironment(input: $input) {
      ... on PromoteEnvironmentSuccess {
        deployment {
          ...DeploymentSummary
          environment {
            ...EnvironmentSummary
          }
        }
      }
      ... on UserError {
        code
        message
      }
      ... on EnvironmentBusyError {
        deployment {
          id
        }
      }
      ... on ContentInvalidError {
        problems {
          path
          line
          message
        }
      }
    }
  }
`),H=2e3,U=1600;function W({target:e,onClose:n,onStarted:r}){let i=p(),[c,d]=t(),f=i.filter(({id:t})=>t!==e.id),h=f.find(({name:e})=>e===c.get(`source`)),[g,_]=(0,j.useState)(``),[y,T]=(0,j.useState)(null),[{fetching:E},D]=v(V),O=K(`${h?.id} ${g}`),k=m(B,{source:h?.id??``,target:e.id},{pause:!h,when:({environment:t})=>t?.id===h?.id||t?.id===e.id}),A=h?k.data?.comparison:void 0,N=A?.sourceCommit,[F,L]=(0,j.useState)(null);(0,j.useEffect)(()=>{h&&N&&F?.source!==h.id&&L({source:h.id,sha:N.sha})},[h,N,F]);let R=!!(N&&F?.source===h?.id&&F?.sha!==N.sha),W=A?P(A):!1;async function q(){if(!h||!A||E||R)return;T(null);let{data:t,error:n}=await D({input:{sourceId:h.id,targetId:e.id,note:g.trim()||null,expectedSourceCommit:N?.sha??null,expectedTargetVersion:A.targetVersion,idempotencyKey:O}}),i=t?.promoteEnvironment;if(n||!i)return T(`unreachable`);if(i.__typename===`PromoteEnvironmentSuccess`)return r(i.deployment.id);T(i),`code`in i&&i.code.startsWith(`STALE`)&&(L(null),k.refetch())}return(0,M.jsxs)(u,{title:`Promote to ${e.name}`,wide:!0,onClose:n,foot:(0,M.jsxs)(M.Fragment,{children:[(0,M.jsx)(o,{onPress:n,children:`Cancel`}),(0,M.jsx)(o,{variant:`primary`,isDisabled:!A||R,isPending:E,pendingText:`Promoting…`,onPress:()=>void q(),children:W?`Promote anyway`:`Promote to ${e.name}`})]}),children:[(0,M.jsx)(w,{source:h?.name??null,target:e.name}),(0,M.jsx)(C,{label:`Source environment`,placeholder:`Select source`,autoFocus:!0,options:f.map(e=>({id:e.name,text:`${e.name} (${e.pin?`v${e.pin.version}`:`unpinned`})`})),value:h?.name??null,onChange:e=>{T(null),d(t=>new URLSearchParams([...[...t].filter(([e])=>e!==`source`),[`source`,e]]),{replace:!0})}}),h&&(0,M.jsxs)(`section`,{className:`preview`,"aria-label":`What will change`,"aria-busy":!A,children:[(0,M.jsx)(`h3`,{children:`What will change`}),A?W?(0,M.jsx)(z,{source:h.name,target:e.name}):(0,M.jsx)(I,{comparison:A,nextVersion:e.currentVersion+1}):k.error?(0,M.jsx)(l,{what:`the comparison`,error:k.error,retry:k.refetch}):(0,M.jsx)(`div`,{role:`progressbar`,"aria-label":`Comparing`,children:(0,M.jsx)(s,{count:3,height:`line`})})]}),R&&N&&(0,M.jsxs)(a,{tone:`warning`,role:`alert`,children:[h?.name,` moved to `,N.shortSha,`.`,` `,(0,M.jsx)(o,{size:`small`,onPress:()=>L({source:h.id,sha:N.sha}),children:`Use it`})]}),(0,M.jsxs)(S,{className:`field`,value:g,onChange:_,maxLength:H,children:[(0,M.jsx)(b,{children:`Note (optional)`}),(0,M.jsx)(x,{rows:2,placeholder:`Why this, why now`,onKeyDown:e=>{e.key===`Enter`&&(e.metaKey||e.ctrlKey)&&q()}}),g.length>=U&&(0,M.jsxs)(`span`,{className:`field-hint numeric`,children:[g.length,` of `,H]})]}),y&&(0,M.jsx)(G,{refusal:y,target:e})]})}function G({refusal:e,target:t}){let{app:r}=y();if(e===`unreachable`)return(0,M.jsx)(a,{tone:`danger`,children:`The server did not answer. Press again: it is promoted once at most.`});let i=e.__typename===`EnvironmentBusyError`?e.deployment.id:null;return(0,M.jsxs)(a,{tone:`danger`,children:[`message`in e&&e.message,` `,i&&(0,M.jsx)(n,{className:`text-link`,to:`/${r.name}/e/${t.name}/deployments/${i}`,children:`View it`}),e.__typename===`StaleSourceError`||e.__typename===`StaleTargetError`?`What will change was compared again: look, and press again.`:null,e.__typename===`ContentInvalidError`&&(0,M.jsx)(`ul`,{className:`problems`,children:e.problems.map(e=>(0,M.jsxs)(`li`,{children:[(0,M.jsxs)(`code`,{children:[e.path,e.line&&`:${e.line}`]}),` `,e.message]},`${e.path}:${e.line}`))})]})}function K(e){let t=(0,j.useRef)({input:``,key:``});return t.current.input===e&&t.current.key||(t.current={input:e,key:`${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`}),t.current.key}function q({target:e,onClose:n}){let[r,i]=t(),s=d(`environment.promote`),c=r.get(`deployment`);return e.isDefault||!s?(0,M.jsx)(u,{title:`You can’t promote into ${e.name}`,onClose:n,foot:(0,M.jsx)(o,{onPress:n,children:`Close`}),children:(0,M.jsx)(a,{children:e.isDefault?`${e.name} follows your branch and can’t be promoted into.`:`Needs environment.promote.`})}):c?(0,M.jsx)(D,{id:c,target:e,onClose:n,onRetried:l}):(0,M.jsx)(W,{target:e,onClose:n,onStarted:l});function l(t){i(n=>g(n,`promote`,{target:e.name,deployment:t}),{replace:!0})}}export{q as default};