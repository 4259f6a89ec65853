import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{n as t,t as n}from"./eye-C2uoIe1b.js";import{t as r}from"./pencil-hAIjZhvd.js";import{C as i,T as a,U as o,f as s,h as c,k as l,l as u,t as d,v as f,w as p,y as m}from"./index-mv9dfs_q.js";import{t as h}from"./trash-Bt03wHae.js";import{c as g,n as _,o as v,p as y,r as b,s as x,t as S}from"./states-B-eikp2b.js";import{h as C,t as w,v as T}from"./react-B6UzECmg.js";import{n as E,t as D}from"./outcome-xfXXgtcr.js";import{t as O}from"./confirm-DvzlpVSG.js";import{D as k}from"./aria-D0QAGK99.js";import{t as A}from"./choice-SxI41KTg.js";import{t as j}from"./dialog-B0A4TVfs.js";import{t as M}from"./field-DS3pxyUm.js";/* empty css              */var N={name:`variable`,size:24,node:[[`path`,{d:`M8 21s-4-3-4-9 4-9 4-9`,key:`uto9ud`}],[`path`,{d:`M16 3s4 3 4 9-4 9-4 9`,key:`4w2vsq`}],[`line`,{x1:`15`,x2:`9`,y1:`9`,y2:`15`,key:`f7djnv`}],[`line`,{x1:`9`,x2:`15`,y1:`9`,y2:`15`,key:`1shsy8`}]]};N.node;var P=y(N),F=e(T(),1),I=w(),L=o(`
  mutation SetEnvironmentVariable($input: SetEnvironmentVariableInput!) {
    setEnvironmentVariable(input: $input) {
      ... on SetEnvironmentVariableSuccess {
        variable {
          id
          name
          phase
          updatedAt
          updatedBy {
            kind
            name
          }
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
`),R={RUNTIME:`Running handler`,BUILD:`Builds`,BOTH:`Builds and running handler`};function z({variable:e,onClose:t,onSet:n}){let r=d(),[i,a]=(0,F.useState)(e?.name??``),[o,s]=(0,F.useState)(``),[c,l]=(0,F.useState)(e?.phase??`RUNTIME`),[u,f]=(0,F.useState)(null),[{fetching:m},h]=p(L),_=(0,F.useMemo)(D,[i,o,c]);async function v(){if(m)return;let{data:e,error:a}=await h({input:{environmentId:r.id,name:i,value:o,phase:c,idempotencyKey:_}}),s=e?.setEnvironmentVariable,l=E(s,a);if(!l)return n(),t();f({field:s&&`field`in s?s.field:`value`,message:l})}return(0,I.jsx)(j,{title:e?`Change ${e.name}`:`Set variable`,onClose:t,footNote:`Of ${r.name} alone`,foot:(0,I.jsxs)(I.Fragment,{children:[(0,I.jsx)(g,{onPress:t,children:`Cancel`}),(0,I.jsx)(g,{variant:`primary`,type:`submit`,form:`set-variable`,isDisabled:i===``,isPending:m,pendingText:`Setting…`,children:`Set variable`})]}),children:(0,I.jsxs)(k,{id:`set-variable`,className:`stack`,onSubmit:e=>{e.preventDefault(),v()},children:[!e&&(0,I.jsx)(M,{label:`Name`,value:i,onChange:e=>{a(e),f(null)},mono:!0,autoFocus:!0,placeholder:`OPENAI_API_KEY`,hint:`Letters, digits and underscores, no digit first.`,trouble:(e=>u?.field===e?u.message:null)(`name`)}),(0,I.jsx)(M,{label:`Value`,value:o,onChange:e=>{s(e),f(null)},mono:!0,lines:3,autoFocus:e!==void 0,hint:e?`Replaces the value that is there.`:`At most 32 KiB. Kept encrypted.`,trouble:u&&u.field!==`name`?u.message:null}),(0,I.jsx)(A,{label:`Given to`,value:c,onChange:e=>l(e),options:Object.entries(R).map(([e,t])=>({id:e,text:t}))})]})})}var B=o(`
  query EnvironmentVariables($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        variables(first: 100) {
          totalCount
          nodes {
            id
            name
            phase
            updatedAt
            updatedBy {
              kind
              name
            }
          }
        }
      }
    }
  }
`),V=o(`
  mutation RevealVariable($input: RevealEnvironmentVariableInput!) {
    revealEnvironmentVariable(input: $input) {
      ... on RevealEnvironmentVariableSuccess {
        value
      }
      ... on UserError {
        code
        message
      }
    }
  }
`),H=o(`
  mutation DeleteVariable($input: DeleteEnvironmentVariableInput!) {
    deleteEnvironmentVariable(input: $input) {
      ... on DeleteEnvironmentVariableSuccess {
        deletedVariableId
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function U(){return i(`variable.read`)?(0,I.jsx)(W,{}):(0,I.jsx)(S,{title:`Variables`,permission:`variable.read`})}function W(){let e=d(),t=i(`variable.write`),n=m(),r=a(B,{id:e.id},{when:({kind:t,environment:n})=>t===`VARIABLES_CHANGED`&&n?.id===e.id}),o=(r.data?.node)?.variables.nodes;return(0,I.jsxs)(I.Fragment,{children:[(0,I.jsxs)(`div`,{className:`page-head`,children:[(0,I.jsx)(x,{title:`Variables`}),t&&(0,I.jsx)(`div`,{className:`page-head-aside`,children:(0,I.jsxs)(g,{variant:`primary`,onPress:()=>n(`set-variable`),children:[(0,I.jsx)(l,{size:14,"aria-hidden":!0}),`Set variable`]})})]}),(0,I.jsxs)(`p`,{className:`muted`,children:[`What `,e.name,` gives its code. Values are kept encrypted, never promoted, and masked in logs. A change is there with the next deployment, or once `,e.name,` is redeployed.`]}),r.error&&(0,I.jsx)(b,{what:`the variables`,error:r.error,retry:r.refetch}),!o&&!r.error&&(0,I.jsx)(v,{count:3,height:`row`}),o?.length===0&&(0,I.jsx)(_,{icon:P,title:`No variables in ${e.name}.`,children:(0,I.jsx)(`p`,{children:`Keys of model providers, addresses of services: what differs from one environment to the next.`})}),o&&o.length>0&&(0,I.jsx)(`div`,{className:`card table-card`,tabIndex:0,role:`region`,"aria-label":`Variables`,children:(0,I.jsxs)(`table`,{className:`table`,"aria-label":`Variables`,children:[(0,I.jsx)(`thead`,{children:(0,I.jsxs)(`tr`,{children:[(0,I.jsx)(`th`,{scope:`col`,children:`Name`}),(0,I.jsx)(`th`,{scope:`col`,children:`Value`}),(0,I.jsx)(`th`,{scope:`col`,children:`Given to`}),(0,I.jsx)(`th`,{scope:`col`,children:`Changed`}),(0,I.jsx)(`th`,{scope:`col`,children:(0,I.jsx)(`span`,{className:`visually-hidden`,children:`Actions`})})]})}),(0,I.jsx)(`tbody`,{children:o.map(e=>(0,I.jsx)(G,{variable:e,mayWrite:t},e.id))})]})}),(0,I.jsx)(q,{variables:o??[],mayWrite:t,refetch:r.refetch})]})}function G({variable:e,mayWrite:t}){let n=m();return(0,I.jsxs)(`tr`,{children:[(0,I.jsx)(`th`,{scope:`row`,className:`mono`,children:e.name}),(0,I.jsx)(`td`,{children:(0,I.jsx)(K,{variable:e})}),(0,I.jsx)(`td`,{children:R[e.phase]}),(0,I.jsx)(`td`,{children:(0,I.jsxs)(`span`,{className:`row-by subtle`,children:[(0,I.jsx)(u,{actor:e.updatedBy}),(0,I.jsx)(s,{at:e.updatedAt})]})}),(0,I.jsx)(`td`,{className:`row-acts`,children:t&&(0,I.jsxs)(I.Fragment,{children:[(0,I.jsx)(g,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Change ${e.name}`,onPress:()=>n(`set-variable`,{id:e.id}),children:(0,I.jsx)(r,{size:14,"aria-hidden":!0})}),(0,I.jsx)(g,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Delete ${e.name}`,onPress:()=>n(`delete-variable`,{id:e.id}),children:(0,I.jsx)(h,{size:14,"aria-hidden":!0})})]})})]})}function K({variable:e}){let r=i(`variable.reveal`),[a,o]=(0,F.useState)(null),[{fetching:s},l]=p(V);(0,F.useEffect)(()=>o(null),[e.updatedAt]);async function u(){let{data:t,error:n}=await l({input:{variableId:e.id}}),r=t?.revealEnvironmentVariable,i=E(r,n,`The server did not answer.`);i?c({tone:`danger`,text:`Couldn’t reveal ${e.name}. ${i}`}):r&&`value`in r&&o(r.value)}return a===null?(0,I.jsxs)(I.Fragment,{children:[(0,I.jsx)(`span`,{"aria-hidden":!0,className:`subtle mono`,children:`••••••••`}),` `,r&&(0,I.jsx)(g,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Reveal ${e.name}`,isPending:s,pendingText:``,onPress:()=>void u(),children:(0,I.jsx)(n,{size:14,"aria-hidden":!0})})]}):(0,I.jsxs)(I.Fragment,{children:[(0,I.jsx)(`code`,{className:`revealed`,children:a||`(empty)`}),` `,(0,I.jsx)(g,{variant:`quiet`,size:`small`,iconOnly:!0,"aria-label":`Hide ${e.name}`,onPress:()=>o(null),children:(0,I.jsx)(t,{size:14,"aria-hidden":!0})})]})}function q({variables:e,mayWrite:t,refetch:n}){let[r]=C(),i=f(),[,a]=p(H),o=e.find(({id:e})=>e===r.get(`id`));return t?r.get(`dialog`)===`set-variable`?(0,I.jsx)(z,{variable:o,onClose:i,onSet:n}):r.get(`dialog`)!==`delete-variable`||!o?null:(0,I.jsx)(O,{title:`Delete ${o.name}`,act:`Delete variable`,pendingText:`Deleting…`,onClose:i,onAct:async()=>{let{data:e,error:t}=await a({input:{variableId:o.id}}),r=E(e?.deleteEnvironmentVariable,t);return r||n(),r},children:(0,I.jsx)(`p`,{children:`Its value is forgotten. What runs now keeps it until the next deployment.`})}):null}export{U as Component};