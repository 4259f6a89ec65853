import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{n as t,r as n,t as r}from"./expiry-CKQIPvZY.js";import{C as i,S as a,T as o,U as s,f as c,h as l,j as u,k as d,v as f,w as p,x as m,y as h}from"./index-mv9dfs_q.js";import{h as g,t as _,v}from"./react-B6UzECmg.js";import{n as y,t as b}from"./outcome-xfXXgtcr.js";import{a as x,c as S,n as C,o as w,r as T,s as E,t as D}from"./states-B-eikp2b.js";import{t as O}from"./choice-SxI41KTg.js";import{t as k}from"./confirm-DvzlpVSG.js";import{n as A,t as j}from"./pager-BuC8HK3k.js";import{n as M,r as N,t as P}from"./secret-shown-DxuplxU5.js";import{D as F}from"./aria-D0QAGK99.js";import{t as I}from"./checks-BGvD-uL1.js";import{t as L}from"./dialog-B0A4TVfs.js";import{t as R}from"./field-DS3pxyUm.js";import{t as z}from"./plan-limit-CBB_1kQC.js";/* empty css              *//* empty css                 */var B=e(v(),1),V=_(),H=s(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ... on CreateApiKeySuccess {
        apiKey {
          ...ApiKeyRow
        }
        plaintext
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),U=[`score.write`,`template.read`,`trace.ingest`],W=[`dataset.read`,`metrics.read`,`score.read`,`session.read`,`span.read`,`trace.read`],G=new Set([`app.insert`,`member.read`,`member.write`]);function K({preset:e,onClose:n,onCreated:i}){let{app:o}=m(),s=a(),c=o.viewerPermissions.filter(e=>!G.has(e)).sort(),l=[{id:`sdk`,text:`SDK`,scopes:U},{id:`read`,text:`Read-only`,scopes:W},{id:`full`,text:`Full access`,scopes:c}].filter(({scopes:e})=>e.every(e=>c.includes(e))),[u,d]=(0,B.useState)(``),[f,h]=(0,B.useState)(e??s[0]?.id??``),[g,_]=(0,B.useState)(l[0]?.id===`sdk`?U:[]),[v,C]=(0,B.useState)(`90`),[w,T]=(0,B.useState)(null),[E,D]=(0,B.useState)(!1),[{fetching:k},A]=p(H),j=(0,B.useMemo)(()=>t(v),[v]),M=(0,B.useMemo)(b,[u,f,g,v]),N=l.find(e=>e.scopes.length===g.length&&e.scopes.every(e=>g.includes(e)));async function P(){if(k)return;let{data:e,error:t}=await A({input:{environmentId:f,name:u.trim(),permissions:g,expiresAt:j,idempotencyKey:M}}),n=e?.createApiKey,r=y(n,t,`Couldn’t create. Nothing was changed.`);T(r),D(n?.__typename===`ApiKeyLimitError`),!r&&n&&`plaintext`in n&&i(n.plaintext)}return(0,V.jsxs)(L,{title:`Create API key`,onClose:n,foot:(0,V.jsxs)(V.Fragment,{children:[(0,V.jsx)(S,{onPress:n,children:`Cancel`}),(0,V.jsx)(S,{variant:`primary`,type:`submit`,form:`create-api-key`,isDisabled:u.trim()===``||g.length===0,isPending:k,pendingText:`Creating…`,children:`Create`})]}),children:[(0,V.jsxs)(F,{id:`create-api-key`,className:`stack`,onSubmit:e=>{e.preventDefault(),P()},children:[(0,V.jsx)(R,{label:`Name`,value:u,onChange:d,autoFocus:!0,maxLength:100,placeholder:`Checkout service`}),(0,V.jsxs)(`div`,{className:`two`,children:[(0,V.jsx)(O,{label:`Environment`,value:f,onChange:h,options:s.map(e=>({id:e.id,text:e.name}))}),(0,V.jsx)(r,{value:v,onChange:C})]}),(0,V.jsx)(`div`,{className:`subnav`,role:`group`,"aria-label":`Sets of scopes`,children:l.map(e=>(0,V.jsx)(S,{size:`small`,variant:N?.id===e.id?void 0:`quiet`,"aria-pressed":N?.id===e.id,onPress:()=>_(e.scopes),children:e.text},e.id))}),(0,V.jsx)(I,{label:`Scopes`,options:c,value:g,onChange:_})]}),w&&(0,V.jsx)(x,{tone:`danger`,children:E?(0,V.jsx)(z,{message:w}):w})]})}var q=`*`,J=s(`
  query ApiKeys($of: ID!, $after: String) {
    node(id: $of) {
      ... on App {
        id
        apiKeys(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ApiKeyRow
          }
        }
      }
      ... on Environment {
        id
        apiKeys(first: 50, after: $after) {
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ApiKeyRow
          }
        }
      }
    }
  }
`),Y=s(`
  fragment ApiKeyRow on ApiKey {
    id
    prefix
    name
    permissions
    createdAt
    lastUsedAt
    expiresAt
    revokedAt
    environment {
      id
      name
    }
  }
`),X=s(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      ... on RevokeApiKeySuccess {
        apiKey {
          ...ApiKeyRow
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function Z(){return i(`api_key.read`)?(0,V.jsx)(Q,{}):(0,V.jsx)(D,{title:`API keys`,permission:`api_key.read`})}function Q(){let{app:e}=m(),t=a(),[n,r]=g(),s=h(),{after:c}=A(),[l,f]=(0,B.useState)(null),p=t.find(({name:e})=>e===n.get(`env`)),_=o(J,{of:p?.id??e.id,after:c},{when:({kind:e})=>e===`API_KEYS_CHANGED`}),v=i(`api_key.insert`),y=_.data?.node?.apiKeys,b=v&&(0,V.jsxs)(S,{variant:`primary`,onPress:()=>s(`new-key`),children:[(0,V.jsx)(d,{size:14,"aria-hidden":!0}),`Create API key`]});function x(e){r(t=>{let n=new URLSearchParams(t);return n.delete(`after`),e===q?n.delete(`env`):n.set(`env`,e),n})}return(0,V.jsxs)(`div`,{className:`page`,children:[(0,V.jsxs)(`div`,{className:`page-head`,children:[(0,V.jsx)(E,{title:`API keys`}),(0,V.jsxs)(`div`,{className:`page-head-aside`,children:[(0,V.jsx)(O,{compact:!0,label:`Environment`,value:p?.name??q,onChange:x,options:[{id:q,text:`All environments`},...t.map(({name:e})=>({id:e,text:e}))]}),b]})]}),_.error&&(0,V.jsx)(T,{what:`the API keys`,error:_.error,retry:_.refetch}),!y&&!_.error&&(0,V.jsx)(w,{count:4,height:`row`}),y?.nodes.length===0&&(0,V.jsxs)(C,{icon:u,title:`No keys for ${p?.name??e.name}.`,children:[(0,V.jsx)(`p`,{children:`A key belongs to one environment. What it reads is what that environment serves.`}),b]}),y&&y.nodes.length>0&&(0,V.jsx)($,{keys:y.nodes}),y&&(0,V.jsx)(j,{of:y.pageInfo,shown:y.nodes.length,total:y.totalCount}),(0,V.jsx)(te,{keys:y?.nodes??[],preset:p?.id,refetch:_.refetch,onCreated:f}),l&&(0,V.jsx)(P,{title:`API key created`,label:`API key`,value:l,onClose:()=>f(null),children:(0,V.jsx)(`p`,{children:`Give it to what calls the API. It is kept here as a hash alone.`})})]})}function $({keys:e}){let t=i(`api_key.delete`),r=h();return(0,V.jsx)(`div`,{className:`card table-card`,tabIndex:0,role:`region`,"aria-label":`Keys`,children:(0,V.jsxs)(`table`,{className:`table`,"aria-label":`API keys`,children:[(0,V.jsx)(`thead`,{children:(0,V.jsxs)(`tr`,{children:[[`Name`,`Environment`,`Prefix`,`Scopes`,`Created`,`Last used`,`Expires`].map(e=>(0,V.jsx)(`th`,{scope:`col`,children:e},e)),(0,V.jsx)(`th`,{scope:`col`,children:(0,V.jsx)(`span`,{className:`visually-hidden`,children:`Actions`})})]})}),(0,V.jsx)(`tbody`,{children:e.map(e=>(0,V.jsxs)(`tr`,{"data-ended":N(e)||void 0,children:[(0,V.jsx)(`th`,{scope:`row`,children:e.name}),(0,V.jsx)(`td`,{children:e.environment?.name??(0,V.jsx)(`span`,{className:`subtle`,children:`Deleted`})}),(0,V.jsx)(`td`,{children:(0,V.jsxs)(`code`,{children:[e.prefix,`…`]})}),(0,V.jsx)(`td`,{title:e.permissions.join(`, `),children:ee(e.permissions)}),(0,V.jsx)(`td`,{children:(0,V.jsx)(c,{at:e.createdAt})}),(0,V.jsx)(`td`,{children:e.lastUsedAt?(0,V.jsx)(c,{at:e.lastUsedAt}):(0,V.jsx)(`span`,{className:`subtle`,children:`Never`})}),(0,V.jsx)(`td`,{children:(0,V.jsx)(M,{...e})}),(0,V.jsx)(`td`,{className:`row-acts`,children:t&&!N(e)&&(0,V.jsxs)(S,{variant:`quiet`,size:`small`,"aria-label":`Revoke ${e.name}`,onPress:()=>r(`revoke`,{id:e.id}),children:[(0,V.jsx)(n,{size:13,"aria-hidden":!0}),`Revoke`]})})]},e.id))})]})})}function ee(e){return e.length<=2?e.join(`, `):`${e[0]} and ${e.length-1} more`}function te({keys:e,preset:t,refetch:n,onCreated:r}){let[a]=g(),o=f(),s=i(`api_key.insert`),[,c]=p(X),u=e.find(({id:e})=>e===a.get(`id`));return a.get(`dialog`)===`new-key`&&s?(0,V.jsx)(K,{preset:t,onClose:o,onCreated:e=>{o(),n(),r(e)}}):a.get(`dialog`)!==`revoke`||!u||N(u)?null:(0,V.jsx)(k,{title:`Revoke ${u.name}`,act:`Revoke key`,pendingText:`Revoking…`,onClose:o,onAct:async()=>{let{data:e,error:t}=await c({input:{apiKeyId:u.id}}),n=y(e?.revokeApiKey,t);return n||l({tone:`success`,text:`Revoked ${u.name}.`}),n},children:(0,V.jsxs)(`p`,{children:[`Whatever uses `,(0,V.jsxs)(`code`,{children:[u.prefix,`…`]}),` is refused from the next request on. This can’t be undone.`]})})}export{Y as ApiKeyRow,Z as Component};