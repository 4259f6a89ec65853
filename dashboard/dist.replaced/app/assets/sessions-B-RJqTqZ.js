import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{A as t,T as n,U as r,f as i,n as a,w as o}from"./index-mv9dfs_q.js";import{t as s,v as c}from"./react-B6UzECmg.js";import{n as l}from"./outcome-xfXXgtcr.js";import{a as u,c as d,n as f,o as p,r as m,s as h}from"./states-B-eikp2b.js";var g=e(c(),1),_=[[/Edg\//,`Edge`],[/Firefox\//,`Firefox`],[/Chrome\//,`Chrome`],[/Safari\//,`Safari`]],v=[[/Android/,`Android`],[/iPhone|iPad/,`iOS`],[/Windows/,`Windows`],[/Mac OS/,`macOS`],[/Linux/,`Linux`]];function y(e){let t=_.find(([t])=>t.test(e))?.[1],n=v.find(([t])=>t.test(e))?.[1];return t?n?`${t} on ${n}`:t:e.slice(0,40)||`Unknown`}var b=s(),x=r(`
  query Sessions {
    viewer {
      id
      sessions(first: 100) {
        totalCount
        nodes {
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
`),S=r(`
  mutation EndSession($input: EndSessionInput!) {
    endSession(input: $input) {
      ... on EndSessionSuccess {
        session {
          id
          endedAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),C=r(`
  mutation EndOtherSessions($input: EndOtherSessionsInput!) {
    endOtherSessions(input: $input) {
      ... on EndOtherSessionsSuccess {
        endedCount
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function w(){let e=n(x,{}),r=e.data?.viewer.sessions.nodes.filter(({endedAt:e})=>!e),[s,c]=(0,g.useState)(null),[{fetching:_},v]=o(C),[,w]=o(S);async function T(e){let{data:t,error:n}=await w({input:{sessionId:e}});c(l(t?.endSession,n))}async function E(){let{data:t,error:n}=await v({input:{}});c(l(t?.endOtherSessions,n)),e.refetch()}return(0,b.jsxs)(`div`,{className:`page`,children:[(0,b.jsxs)(`div`,{className:`page-head`,children:[(0,b.jsx)(h,{title:`Sessions`}),r&&r.length>1&&(0,b.jsx)(`div`,{className:`page-head-aside`,children:(0,b.jsx)(d,{isPending:_,pendingText:`Signing out…`,onPress:()=>void E(),children:`Sign out everywhere else`})})]}),s&&(0,b.jsx)(u,{tone:`danger`,children:s}),e.error&&(0,b.jsx)(m,{what:`your sessions`,error:e.error,retry:e.refetch}),!r&&!e.error&&(0,b.jsx)(p,{count:2,height:`row`}),r?.length===0&&(0,b.jsx)(f,{icon:t,title:`Not signed in with a browser.`}),r&&r.length>0&&(0,b.jsx)(`div`,{className:`card table-card`,tabIndex:0,role:`region`,"aria-label":`Where you are signed in`,children:(0,b.jsxs)(`table`,{className:`table`,"aria-label":`Sessions`,children:[(0,b.jsx)(`thead`,{children:(0,b.jsxs)(`tr`,{children:[[`Browser`,`Signed in with`,`Since`,`Last seen`,`Ends`].map(e=>(0,b.jsx)(`th`,{scope:`col`,children:e},e)),(0,b.jsx)(`th`,{scope:`col`,children:(0,b.jsx)(`span`,{className:`visually-hidden`,children:`Actions`})})]})}),(0,b.jsx)(`tbody`,{children:r.map(e=>(0,b.jsxs)(`tr`,{children:[(0,b.jsxs)(`th`,{scope:`row`,title:e.userAgent,children:[y(e.userAgent),` `,e.isCurrent&&(0,b.jsx)(a,{tone:`success`,children:`This one`})]}),(0,b.jsx)(`td`,{children:e.method===`LINK`?`One-time link`:`Provider`}),(0,b.jsx)(`td`,{children:(0,b.jsx)(i,{at:e.createdAt})}),(0,b.jsx)(`td`,{children:(0,b.jsx)(i,{at:e.lastSeenAt})}),(0,b.jsx)(`td`,{children:new Date(e.expiresAt).toLocaleDateString(`en-GB`,{dateStyle:`medium`})}),(0,b.jsx)(`td`,{className:`row-acts`,children:!e.isCurrent&&(0,b.jsx)(d,{size:`small`,variant:`quiet`,onPress:()=>void T(e.id),children:`Sign out`})})]},e.id))})]})})]})}export{w as Component};