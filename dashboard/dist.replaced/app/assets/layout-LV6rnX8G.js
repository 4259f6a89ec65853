import{A as e,I as t,T as n,U as r,j as i,o as a}from"./index-mv9dfs_q.js";import{o,p as s,r as c}from"./states-B-eikp2b.js";import{a as l,f as u,r as d,t as f}from"./react-B6UzECmg.js";/* empty css              *//* empty css                 */var p={name:`mail`,size:24,node:[[`path`,{d:`m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7`,key:`132q7q`}],[`rect`,{x:`2`,y:`4`,width:`20`,height:`16`,rx:`2`,key:`izxlao`}]]};p.node;var m=s(p),h={name:`shapes`,size:24,node:[[`path`,{d:`M8.3 10a.7.7 0 0 1-.626-1.079L11.4 3a.7.7 0 0 1 1.198-.043L16.3 8.9a.7.7 0 0 1-.572 1.1Z`,key:`1bo67w`}],[`rect`,{x:`3`,y:`14`,width:`7`,height:`7`,rx:`1`,key:`1bkyp8`}],[`circle`,{cx:`17.5`,cy:`17.5`,r:`3.5`,key:`w3z12y`}]]};h.node;var g=s(h),_={name:`users`,size:24,node:[[`path`,{d:`M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2`,key:`1yyitq`}],[`path`,{d:`M16 3.128a4 4 0 0 1 0 7.744`,key:`16gr8j`}],[`path`,{d:`M22 21v-2a4 4 0 0 0-3-3.87`,key:`kshegd`}],[`circle`,{cx:`9`,cy:`7`,r:`4`,key:`nufk8`}]]};_.node;var v=s(_),y=f(),b=r(`
  query Organization {
    viewer {
      id
      name
      role
      permissions
      member {
        id
      }
      organization {
        name
        plan
        viewerCapabilities {
          createApp {
            allowed
            reason
          }
          inviteMembers {
            allowed
            reason
          }
          changeMembers {
            allowed
            reason
          }
          changeRoles {
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
      }
    }
  }
`),x=[{to:`/organization`,text:`General`,icon:t,needs:null},{to:`/organization/members`,text:`Members`,icon:v,needs:`member.read`},{to:`/organization/invitations`,text:`Invitations`,icon:m,needs:`member.read`},{to:`/organization/roles`,text:`Roles`,icon:g,needs:`member.read`},{to:`/organization/service-tokens`,text:`Service tokens`,icon:i,needs:`member.read`},{to:`/organization/sessions`,text:`Sessions`,icon:e,needs:null}];function S(){return u()}function C(){let e=n(b,{}),t=e.data?.viewer.permissions??[];return(0,y.jsxs)(`div`,{className:`shell`,children:[(0,y.jsx)(a,{crumb:`Organization`,...e.data&&{viewer:e.data.viewer}}),(0,y.jsx)(`nav`,{"aria-label":`Main`,className:`sidebar`,children:(0,y.jsx)(`ul`,{className:`sidebar-pages`,children:x.filter(({needs:e})=>e===null||t.includes(e)).map(({to:e,text:t,icon:n})=>(0,y.jsx)(`li`,{children:(0,y.jsxs)(d,{to:e,end:e===`/organization`,className:`sidebar-link`,children:[(0,y.jsx)(n,{size:15,"aria-hidden":!0}),t]})},e))})}),(0,y.jsx)(`main`,{id:`content`,className:`content`,tabIndex:-1,children:e.data?(0,y.jsx)(l,{context:e.data}):(0,y.jsx)(`div`,{className:`page`,children:e.error?(0,y.jsx)(c,{what:`the organization`,error:e.error,retry:e.refetch}):(0,y.jsx)(o,{count:3,height:`row`})})})]})}export{C as Component,m as n,g as t,S as useOrganization};