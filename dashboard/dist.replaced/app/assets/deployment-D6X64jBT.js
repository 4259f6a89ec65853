import{a as e,c as t,i as n,o as r,p as i,r as a,s as o}from"./states-B-eikp2b.js";import{d as s,n as c,p as l,t as u}from"./react-B6UzECmg.js";import{C as d,T as f,U as p,d as m,f as h,h as g,l as _,n as v,t as y,w as b,x}from"./index-mv9dfs_q.js";import{a as S,i as C,n as w,r as T}from"./progress-CjotDPRf.js";import{c as E,l as D,o as O,r as k,s as A}from"./deployment-Bdm8vrK8.js";var j={name:`chevron-left`,size:24,node:[[`path`,{d:`m15 18-6-6 6-6`,key:`1wnfg3`}]]};j.node;var M=i(j),N=u(),P=p(`
  query DeploymentPage($id: ID!) {
    deployment(id: $id) {
      ...DeploymentSummary
      source {
        id
        name
      }
      contentProblems {
        path
        line
        message
      }
    }
  }
`),F=p(`
  mutation CancelDeployment($input: CancelDeploymentInput!) {
    cancelDeployment(input: $input) {
      ... on CancelDeploymentSuccess {
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
    }
  }
`);function I(){let{deployment:t=``}=l(),{app:i}=x(),s=y(),u=f(P,{id:t},{when:({deployment:e})=>e?.id===t}),d=u.data?.deployment,p=`/${i.name}/e/${s.name}/deployments`;if(!d)return u.error?(0,N.jsx)(a,{what:`the deployment`,error:u.error,retry:u.refetch}):u.data?(0,N.jsx)(n,{what:`No such deployment`}):(0,N.jsx)(r,{count:3,height:`card`});let g=d.status===`FAILED`,b=s.pin?.deployment.id===d.id;return(0,N.jsxs)(`div`,{className:`deployment-page`,children:[(0,N.jsxs)(`div`,{className:`page-head`,children:[(0,N.jsx)(c,{to:p,className:`button`,"data-variant":`quiet`,"data-size":`small`,"aria-label":`All deployments`,"data-icon-only":!0,children:(0,N.jsx)(M,{size:16,"aria-hidden":!0})}),(0,N.jsxs)(o,{title:`Deployment ${d.commit.shortSha}`,children:[`Deployment `,(0,N.jsx)(`span`,{className:`mono`,children:d.commit.shortSha})]}),(0,N.jsx)(A,{status:d.status,in:`progress`}),(0,N.jsx)(O,{kind:d.kind}),b&&(0,N.jsx)(v,{tone:`success`,look:`outline`,children:`Current`}),(0,N.jsx)(z,{id:d.id,status:d.status,list:p,isDefault:s.isDefault})]}),(0,N.jsxs)(`div`,{className:`deployment-columns`,children:[(0,N.jsxs)(`div`,{className:`deployment-story`,children:[d.kind!==`PUSH`&&d.sourceName&&(0,N.jsx)(C,{source:d.sourceName,target:s.name}),(0,N.jsx)(T,{deployment:d}),g&&(0,N.jsxs)(e,{tone:`danger`,children:[(0,N.jsx)(L,{reason:d.failureReason}),!s.isDefault&&(0,N.jsx)(`p`,{children:s.pin?`${s.name} still serves v${s.pin.version}.`:`${s.name} still serves nothing.`}),d.contentProblems.length>0&&(0,N.jsx)(`ul`,{className:`problems`,children:d.contentProblems.map(({path:e,line:t,message:n})=>(0,N.jsxs)(`li`,{children:[(0,N.jsxs)(`code`,{children:[e,t&&`:${t}`]}),` `,n]},`${e}:${t}`))})]})]}),(0,N.jsxs)(`dl`,{className:`facts card`,children:[(0,N.jsxs)(R,{name:`Commit`,children:[(0,N.jsx)(m,{sha:d.commit.sha,short:d.commit.shortSha}),` `,(0,N.jsx)(`span`,{children:D(d.commit.message)})]}),(0,N.jsx)(R,{name:`By`,children:(0,N.jsx)(_,{actor:d.actor})}),(0,N.jsx)(R,{name:`Started`,children:(0,N.jsx)(h,{at:d.createdAt})}),(0,N.jsx)(R,{name:`Took`,children:(0,N.jsx)(k,{from:d.createdAt,to:d.settledAt})}),d.version?(0,N.jsxs)(R,{name:`Version`,children:[`v`,d.version]}):null,d.sourceName&&(0,N.jsx)(R,{name:`Source`,children:d.sourceName}),E(d.codeBuild)&&(0,N.jsx)(R,{name:`Build`,children:E(d.codeBuild)}),d.retryOf&&(0,N.jsx)(R,{name:`Retry of`,children:(0,N.jsx)(c,{className:`text-link`,to:`${p}/${d.retryOf.id}`,children:`the failed one`})}),d.note&&(0,N.jsx)(R,{name:`Note`,children:d.note}),(0,N.jsx)(R,{name:`ID`,children:(0,N.jsx)(`code`,{className:`subtle`,children:d.databaseId})})]})]}),(0,N.jsx)(S,{deployment:d})]})}function L({reason:e}){let[t,...n]=(e??``).split(`
`);return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`p`,{children:(0,N.jsx)(`strong`,{children:t})}),n.length>0&&(0,N.jsx)(`pre`,{className:`failure`,tabIndex:0,"aria-label":`Last lines`,children:n.slice(-20).join(`
`)})]})}function R({name:e,children:t}){return(0,N.jsxs)(`div`,{children:[(0,N.jsx)(`dt`,{children:e}),(0,N.jsx)(`dd`,{children:t})]})}function z({id:e,status:n,list:r,isDefault:i}){let a=d(`environment.promote`),o=s(),[c,l]=b(w),[u,f]=b(F);if(!a||n===`DEPLOYED`||i&&n===`FAILED`)return null;async function p(){let{data:t}=await l({input:{deploymentId:e}}),n=t?.retryDeployment;n?.__typename===`RetryDeploymentSuccess`?o(`${r}/${n.deployment.id}`):B(n,`Couldn’t retry.`)}async function m(){let{data:t}=await f({input:{deploymentId:e}});t?.cancelDeployment.__typename!==`CancelDeploymentSuccess`&&B(t?.cancelDeployment,`Couldn’t cancel.`)}return(0,N.jsx)(`div`,{className:`page-head-aside`,children:n===`FAILED`?(0,N.jsx)(t,{isPending:c.fetching,onPress:()=>void p(),children:`Retry`}):(0,N.jsx)(t,{variant:`danger`,isPending:u.fetching,onPress:()=>void m(),children:`Cancel deployment`})})}function B(e,t){let n=e&&`message`in e?String(e.message):t;g({tone:`danger`,text:n})}export{I as Component};