import{C as e,M as t,T as n,U as r,d as i,f as a,k as o,l as s,n as c,s as l,u,x as d,y as f}from"./index-mv9dfs_q.js";import{a as p,c as m,r as h,s as g,u as _}from"./states-B-eikp2b.js";import{n as v,t as y}from"./react-B6UzECmg.js";import{l as b,s as x}from"./deployment-Bdm8vrK8.js";/* empty css              */function S({commitRelation:e,commits:t,content:n}){let r=n.counts.reduce((e,{added:t,changed:n,removed:r})=>e+t+n+r,0),i=t?.totalCount??0;switch(e){case`SAME`:return r===0?{tone:`success`,text:`Up to date`}:{tone:`warning`,text:`${r} file${r===1?``:`s`} differ`};case`AHEAD`:return{tone:`warning`,text:`${i} commit${i===1?``:`s`} behind dev`};case`BEHIND`:return{tone:`neutral`,text:`Ahead of dev`};default:return{tone:`neutral`,text:`Unrelated commits`}}}var C=y(),w=r(`
  query Overview($app: String!) {
    app(name: $app) {
      id
      environments(first: 100) {
        nodes {
          id
          deployments(first: 1) {
            nodes {
              ...DeploymentSummary
            }
          }
        }
      }
    }
  }
`),T=r(`
  query BehindDev($dev: ID!, $environment: ID!) {
    comparison(sourceId: $dev, targetId: $environment) {
      commitRelation
      commits(first: 0) {
        totalCount
      }
      content {
        counts {
          kind
          added
          changed
          removed
        }
      }
    }
  }
`);function E(){let{app:t}=d(),r=f(),i=e(`environment.insert`),a=n(w,{app:t.name},{when:({kind:e})=>e===`DEPLOYMENT_STARTED`||e===`ENVIRONMENT_CREATED`}),s=t.environments.nodes,c=s.find(({isDefault:e})=>e),l=new Map(a.data?.app?.environments.nodes.map(({id:e,deployments:t})=>[e,t.nodes[0]]));return(0,C.jsxs)(`div`,{className:`page`,children:[(0,C.jsxs)(`div`,{className:`page-head`,children:[(0,C.jsx)(g,{title:`Overview`}),i&&(0,C.jsx)(`div`,{className:`page-head-aside`,children:(0,C.jsxs)(m,{variant:`primary`,onPress:()=>r(`new-env`),children:[(0,C.jsx)(o,{size:14,"aria-hidden":!0}),`New environment`]})})]}),(0,C.jsx)(D,{}),a.error&&(0,C.jsx)(h,{what:`the last deployments`,error:a.error,retry:a.refetch}),(0,C.jsx)(`div`,{className:`card table-card`,children:(0,C.jsxs)(`table`,{className:`table`,"aria-label":`Environments`,children:[(0,C.jsx)(`thead`,{children:(0,C.jsxs)(`tr`,{children:[(0,C.jsx)(`th`,{scope:`col`,children:`Environment`}),(0,C.jsx)(`th`,{scope:`col`,children:`Commit`}),(0,C.jsx)(`th`,{scope:`col`,children:`Last deployment`}),(0,C.jsx)(`th`,{scope:`col`,children:`Behind dev by`}),(0,C.jsx)(`th`,{scope:`col`,children:`Status`}),(0,C.jsx)(`th`,{scope:`col`,children:(0,C.jsx)(`span`,{className:`visually-hidden`,children:`Actions`})})]})}),(0,C.jsx)(`tbody`,{children:s.map(e=>(0,C.jsx)(O,{environment:e,dev:c,latest:l.get(e.id),isLoaded:a.data!==void 0},e.id))})]})})]})}function D(){let{app:e}=d(),{repository:n}=e;return n?(0,C.jsxs)(C.Fragment,{children:[(0,C.jsxs)(`p`,{className:`repository muted`,children:[(0,C.jsx)(t,{size:14,"aria-hidden":!0}),(0,C.jsx)(`span`,{className:`mono`,children:n.branch}),n.head&&(0,C.jsxs)(C.Fragment,{children:[(0,C.jsx)(`span`,{children:`at`}),(0,C.jsx)(i,{sha:n.head.sha,short:n.head.shortSha}),(0,C.jsx)(`span`,{className:`repository-message`,children:b(n.head.message)})]}),(0,C.jsx)(`span`,{className:`subtle repository-url`,children:n.url.split(`/`).slice(-2).join(`/`)})]}),n.unreachableReason&&(0,C.jsxs)(p,{tone:`warning`,children:[`The repository could not be read: `,n.unreachableReason]})]}):(0,C.jsx)(p,{children:`No repository is linked yet, so there is nothing to promote.`})}function O({environment:e,dev:t,latest:n,isLoaded:r}){let{app:o}=d(),c=`/${o.name}/e/${e.name}/deployments`,f=e.contentCommit;return(0,C.jsxs)(`tr`,{children:[(0,C.jsx)(`th`,{scope:`row`,children:(0,C.jsxs)(`span`,{className:`row-environment`,children:[(0,C.jsx)(l,{environment:e}),(0,C.jsx)(v,{to:c,className:`row-link`,children:e.name}),(0,C.jsx)(u,{label:e.pinLabel,state:e.state})]})}),(0,C.jsx)(`td`,{children:f?(0,C.jsxs)(`span`,{className:`row-commit`,children:[(0,C.jsx)(i,{sha:f.sha,short:f.shortSha}),(0,C.jsx)(`span`,{className:`row-message muted`,children:b(f.message)})]}):(0,C.jsx)(`span`,{className:`subtle`,children:`Serves nothing`})}),(0,C.jsx)(`td`,{children:n?(0,C.jsxs)(`span`,{className:`row-latest`,children:[(0,C.jsx)(v,{to:`${c}/${n.id}`,className:`row-status`,children:(0,C.jsx)(x,{status:n.status,in:`list`})}),(0,C.jsxs)(`span`,{className:`subtle row-by`,children:[(0,C.jsx)(s,{actor:n.actor}),(0,C.jsx)(a,{at:n.createdAt})]})]}):r?(0,C.jsx)(`span`,{className:`subtle`,children:`Never`}):(0,C.jsx)(`span`,{className:`skeleton latest-skeleton`})}),(0,C.jsx)(`td`,{children:t&&!e.isDefault&&e.pin?(0,C.jsx)(k,{dev:t,environment:e}):(0,C.jsx)(`span`,{className:`subtle`,children:`–`})}),(0,C.jsx)(`td`,{children:(0,C.jsx)(j,{environment:e})}),(0,C.jsx)(`td`,{className:`row-acts`,children:(0,C.jsx)(M,{environment:e})})]})}function k({dev:e,environment:t}){let{data:r,error:i}=n(T,{dev:e.id,environment:t.id},{when:n=>n.environment?.id===e.id||n.environment?.id===t.id}),a=r?.comparison;if(!a)return i?(0,C.jsx)(`span`,{className:`subtle`,children:`Unknown`}):(0,C.jsx)(`span`,{className:`skeleton behind-skeleton`});let{tone:o,text:s}=S(a);return(0,C.jsx)(c,{tone:o,children:s})}var A={STARTING:{tone:`info`,text:`Starting`},HEALTHY:{tone:`success`,text:`Healthy`},FAILED:{tone:`danger`,text:`Failing`},DRAINING:{tone:`neutral`,text:`Draining`},STOPPED:{tone:`neutral`,text:`Stopped`}};function j({environment:e}){if(e.deploying)return(0,C.jsx)(c,{tone:`info`,children:`Deploying…`});if(!e.runtime)return(0,C.jsx)(`span`,{className:`subtle`,children:e.contentCommit?`Idle`:`–`});let{tone:t,text:n}=A[e.runtime.state];return(0,C.jsxs)(c,{tone:t,...t===`danger`&&{icon:_},children:[(0,C.jsx)(`span`,{className:`dot`,"data-tone":t===`neutral`?`none`:t,"aria-hidden":!0}),n]})}function M({environment:t}){let n=f();return!e(`environment.promote`)||t.isDefault?null:(0,C.jsx)(m,{size:`small`,"aria-label":`Promote to ${t.name}`,onPress:()=>n(`promote`,{target:t.name}),children:`Promote…`})}export{E as Component};