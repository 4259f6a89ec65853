import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{a as t,c as n,o as r,p as i}from"./states-B-eikp2b.js";import{t as a}from"./boxes-CUonUh8g.js";import{C as o,S as s,T as c,U as l,h as u,j as d,w as f,x as p}from"./index-mv9dfs_q.js";import{d as m,t as h,v as g}from"./react-B6UzECmg.js";import{D as _}from"./aria-D0QAGK99.js";import{n as v}from"./outcome-xfXXgtcr.js";import{t as y}from"./dialog-B0A4TVfs.js";import{t as b}from"./field-DS3pxyUm.js";/* empty css                 */var x={name:`archive`,size:24,node:[[`rect`,{width:`20`,height:`5`,x:`2`,y:`3`,rx:`1`,key:`1wp1u1`}],[`path`,{d:`M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8`,key:`1s80jp`}],[`path`,{d:`M10 12h4`,key:`a56b0p`}]]};x.node;var S=i(x),C={name:`cable`,size:24,node:[[`path`,{d:`M17 19a1 1 0 0 1-1-1v-2a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v2a1 1 0 0 1-1 1z`,key:`trhst0`}],[`path`,{d:`M17 21v-2`,key:`ds4u3f`}],[`path`,{d:`M19 14V6.5a1 1 0 0 0-7 0v11a1 1 0 0 1-7 0V10`,key:`1mo9zo`}],[`path`,{d:`M21 21v-2`,key:`eo0ou`}],[`path`,{d:`M3 5V3`,key:`1k5hjh`}],[`path`,{d:`M4 10a2 2 0 0 1-2-2V6a1 1 0 0 1 1-1h4a1 1 0 0 1 1 1v2a2 2 0 0 1-2 2z`,key:`1dd30t`}],[`path`,{d:`M7 5V3`,key:`1t1388`}]]};C.node;var w=i(C),T={name:`sliders-horizontal`,size:24,node:[[`path`,{d:`M10 5H3`,key:`1qgfaw`}],[`path`,{d:`M12 19H3`,key:`yhmn1j`}],[`path`,{d:`M14 3v4`,key:`1sua03`}],[`path`,{d:`M16 17v4`,key:`1q0r14`}],[`path`,{d:`M21 12h-9`,key:`1o4lsq`}],[`path`,{d:`M21 19h-5`,key:`1rlt1p`}],[`path`,{d:`M21 5h-7`,key:`1oszz2`}],[`path`,{d:`M8 10v4`,key:`tgpxqk`}],[`path`,{d:`M8 12H3`,key:`a7s4jb`}]]};T.node;var E=i(T),D=e(g(),1),O=h(),k=l(`
  query DeletionPreview($id: ID!) {
    node(id: $id) {
      ... on Environment {
        id
        deletionPreview {
          snapshotFilesReleased
          apiKeysRevoked
          variablesReleased
        }
        deployments(first: 1) {
          totalCount
        }
      }
    }
  }
`),A=l(`
  mutation DeleteEnvironment($input: DeleteEnvironmentInput!) {
    deleteEnvironment(input: $input) {
      ... on DeleteEnvironmentSuccess {
        environment {
          id
          deletedAt
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);function j({target:e,onClose:r}){return o(`environment.delete`)&&!e.isDefault?(0,O.jsx)(M,{target:e,onClose:r}):(0,O.jsx)(y,{title:`You can’t delete ${e.name}`,onClose:r,foot:(0,O.jsx)(n,{onPress:r,children:`Close`}),children:(0,O.jsx)(t,{children:e.isDefault?`The default environment can’t be deleted.`:`Needs environment.delete.`})})}function M({target:e,onClose:r}){let{app:i}=p(),a=s().find(({isDefault:e})=>e),o=m(),[c,l]=(0,D.useState)(``),[d,h]=(0,D.useState)(null),[{fetching:g},x]=f(A),S=e.deploying!==null,C=c===e.name&&!S;async function w(){if(!C||g)return;let{data:t,error:n}=await x({input:{environmentId:e.id,confirmationName:c}}),r=v(t?.deleteEnvironment,n);h(r),r||(u({tone:`success`,text:`Deleted ${e.name}.`}),o(a?`/${i.name}/e/${a.name}/deployments`:`/${i.name}`,{replace:!0}))}return(0,O.jsxs)(y,{title:`Delete environment`,role:`alertdialog`,onClose:r,foot:(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(n,{autoFocus:!0,onPress:r,children:`Cancel`}),(0,O.jsx)(n,{variant:`danger`,type:`submit`,form:`delete-environment`,isDisabled:!C,isPending:g,pendingText:`Deleting…`,children:`Delete environment`})]}),children:[(0,O.jsxs)(`p`,{children:[(0,O.jsx)(`strong`,{className:`mono`,children:e.name}),` stops serving at once. This can’t be undone.`]}),(0,O.jsx)(N,{target:e}),S&&(0,O.jsx)(t,{tone:`warning`,children:`A deployment is running. Wait until it has settled, or cancel it.`}),(0,O.jsx)(_,{id:`delete-environment`,onSubmit:e=>{e.preventDefault(),w()},children:(0,O.jsx)(b,{label:`Type ${e.name} to confirm`,value:c,onChange:l,mono:!0,trouble:d})})]})}function N({target:e}){let t=c(k,{id:e.id}).data?.node;if(!t||!(`deletionPreview`in t))return(0,O.jsx)(r,{count:3,height:`line`});let{apiKeysRevoked:n,variablesReleased:i,snapshotFilesReleased:o}=t.deletionPreview;return(0,O.jsxs)(`ul`,{className:`losses`,"aria-label":`What goes`,children:[e.pin&&(0,O.jsxs)(`li`,{children:[(0,O.jsx)(w,{size:14,"aria-hidden":!0}),`v`,e.pin.version,` is no longer served, and its code stops`]}),(0,O.jsxs)(`li`,{children:[(0,O.jsx)(d,{size:14,"aria-hidden":!0}),P(n,`API key`),` will stop working`]}),(0,O.jsxs)(`li`,{children:[(0,O.jsx)(E,{size:14,"aria-hidden":!0}),P(i,`variable`),` will be forgotten`]}),(0,O.jsxs)(`li`,{children:[(0,O.jsx)(a,{size:14,"aria-hidden":!0}),P(o,`content file`),` of its snapshots will be let go`]}),(0,O.jsxs)(`li`,{children:[(0,O.jsx)(S,{size:14,"aria-hidden":!0}),P(t.deployments.totalCount,`deployment`),` kept in audit`]})]})}function P(e,t){return`${e.toLocaleString(`en`)} ${t}${e===1?``:`s`}`}export{j as default};