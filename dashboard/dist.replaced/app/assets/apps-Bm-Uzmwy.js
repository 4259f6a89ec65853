import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{t}from"./boxes-CUonUh8g.js";import{M as n,T as r,U as i,k as a,o,u as s,v as c,w as l,y as u}from"./index-mv9dfs_q.js";import{d,h as f,n as p,t as m,v as h}from"./react-B6UzECmg.js";import{a as g,c as _,n as v,o as y,r as b,s as x}from"./states-B-eikp2b.js";import{t as S}from"./dialog-B0A4TVfs.js";import{D as C}from"./aria-D0QAGK99.js";import{n as w,t as T}from"./outcome-xfXXgtcr.js";import{t as E}from"./field-DS3pxyUm.js";import{t as D}from"./plan-limit-CBB_1kQC.js";import{n as O,t as k}from"./name-yHT5oArC.js";var A=e(h(),1),j=m(),M=i(`
  mutation CreateApp($input: CreateAppInput!) {
    createApp(input: $input) {
      ... on CreateAppSuccess {
        app {
          id
          name
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function N({onClose:e}){let t=d(),[n,r]=(0,A.useState)(``),[i,a]=(0,A.useState)(null),[o,s]=(0,A.useState)(null),[{fetching:c},u]=l(M),f=(0,A.useMemo)(T,[n]);async function p(){if(c)return;if(O(n,[]))return a(`That is not a valid name.`);let{data:e,error:r}=await u({input:{name:n,idempotencyKey:f}}),i=e?.createApp,o=w(i,r,`Couldn’t create. Nothing was changed.`);if(!o)return void t(`/${n}/settings/repository?dialog=link-repository`);i?.__typename===`AppLimitError`?s(o):a(o)}return(0,j.jsxs)(S,{title:`Create app`,onClose:e,footNote:`Its repository is linked next.`,foot:(0,j.jsxs)(j.Fragment,{children:[(0,j.jsx)(_,{onPress:e,children:`Cancel`}),(0,j.jsx)(_,{variant:`primary`,type:`submit`,form:`create-app`,isPending:c,pendingText:`Creating…`,children:`Create`})]}),children:[(0,j.jsx)(C,{id:`create-app`,validationBehavior:`aria`,onSubmit:e=>{e.preventDefault(),p()},children:(0,j.jsx)(E,{label:`Name`,value:n,onChange:e=>{r(e),a(null),s(null)},mono:!0,autoFocus:!0,placeholder:`support-triage`,hint:k,trouble:i})}),o&&(0,j.jsx)(g,{tone:`danger`,children:(0,j.jsx)(D,{message:o})})]})}var P=i(`
  query Apps {
    viewer {
      id
      name
      role
      organization {
        name
        viewerCapabilities {
          createApp {
            allowed
            reason
          }
        }
      }
    }
    apps(first: 100) {
      totalCount
      nodes {
        id
        name
        repository {
          id
          url
          branch
        }
        environments(first: 8) {
          totalCount
          nodes {
            id
            name
            state
            pinLabel
          }
        }
      }
    }
  }
`);function F(){let{data:e,error:n,refetch:i}=r(P,{}),s=u(),c=e?.viewer.organization.viewerCapabilities.createApp.allowed&&(0,j.jsxs)(_,{variant:`primary`,onPress:()=>s(`new-app`),children:[(0,j.jsx)(a,{size:14,"aria-hidden":!0}),`Create app`]});return(0,j.jsxs)(`div`,{className:`shell`,children:[(0,j.jsx)(o,{crumb:`Apps`,...e&&{viewer:e.viewer}}),(0,j.jsx)(`main`,{id:`content`,className:`content`,children:(0,j.jsxs)(`div`,{className:`page`,children:[(0,j.jsxs)(`div`,{className:`page-head`,children:[(0,j.jsx)(x,{title:`Apps`}),(0,j.jsx)(`div`,{className:`page-head-aside`,children:c})]}),n&&(0,j.jsx)(b,{what:`the apps`,error:n,retry:i}),!e&&!n&&(0,j.jsx)(y,{count:3,height:`card`}),e?.apps.nodes.length===0&&(0,j.jsxs)(v,{icon:t,title:`No app yet.`,children:[(0,j.jsx)(`p`,{children:`An app is a Git repository, its environments, and what was promoted between them.`}),c]}),(0,j.jsx)(`ul`,{className:`apps`,children:e?.apps.nodes.map(e=>(0,j.jsx)(I,{app:e},e.id))})]})}),e&&(0,j.jsx)(L,{capability:e.viewer.organization.viewerCapabilities.createApp})]})}function I({app:e}){let t=e.environments.totalCount-e.environments.nodes.length;return(0,j.jsxs)(`li`,{className:`card app-card`,children:[(0,j.jsx)(p,{to:`/${e.name}`,className:`app-name`,children:e.name}),(0,j.jsxs)(`span`,{className:`subtle app-repository`,children:[(0,j.jsx)(n,{size:12,"aria-hidden":!0}),(0,j.jsx)(`span`,{children:e.repository?`${e.repository.url} · ${e.repository.branch}`:`No repository linked`})]}),(0,j.jsxs)(`span`,{className:`app-environments`,children:[e.environments.nodes.map(e=>(0,j.jsxs)(`span`,{className:`app-environment`,children:[e.name,` `,(0,j.jsx)(s,{label:e.pinLabel,state:e.state})]},e.id)),t>0&&(0,j.jsxs)(`span`,{className:`subtle`,children:[`and `,t,` more`]})]})]})}function L({capability:e}){let[t]=f(),n=c();return t.get(`dialog`)===`new-app`?e.allowed?(0,j.jsx)(N,{onClose:n}):(0,j.jsx)(S,{title:`You can’t create an app`,onClose:n,foot:(0,j.jsx)(_,{onPress:n,children:`Close`}),children:(0,j.jsx)(g,{children:e.reason??`Needs app.insert.`})}):null}export{F as Component};