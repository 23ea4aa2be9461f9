"use strict";(self.rspackChunk_systems_for_ai_panel=self.rspackChunk_systems_for_ai_panel||[]).push([[700],{"./node_modules/css-loader/dist/cjs.js!./style/index.css"(e,t,o){var r=o("./node_modules/css-loader/dist/runtime/noSourceMaps.js"),n=o.n(r),a=o("./node_modules/css-loader/dist/runtime/api.js"),s=(o.n(a))()(n());s.push([e.id,`.sai-panel,
.sai-welcome {
  overflow: auto;
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
  font-size: var(--jp-ui-font-size1);
}

.sai-panel {
  padding: 0 10px 20px;
}

.sai-panel button.jp-Button,
.sai-welcome button.jp-Button {
  color: var(--jp-ui-font-color1);
}

/* Not \`disabled\`: whoever pressed it with a key would lose their place. */
.sai-panel button[aria-disabled='true'] {
  opacity: 0.5;
  cursor: default;
}

.sai-panel header {
  display: flex;
  align-items: center;
  justify-content: space-between;
}

.sai-panel h2 {
  font-size: var(--jp-ui-font-size2);
  margin: 10px 0;
}

.sai-panel h3 {
  font-size: var(--jp-ui-font-size1);
  font-weight: 600;
  margin: 8px 0 2px;
}

.sai-panel p {
  margin: 4px 0;
}

.sai-lab {
  border-top: 1px solid var(--jp-border-color2);
  padding-top: 4px;
  margin-bottom: 12px;
}

.sai-panel table {
  width: 100%;
  border-collapse: collapse;
  margin: 6px 0;
}

.sai-panel th {
  text-align: left;
  font-weight: normal;
}

.sai-panel thead th {
  color: var(--jp-ui-font-color2);
}

.sai-panel td,
.sai-panel th {
  padding: 2px 6px 2px 0;
}

.sai-panel td:last-child {
  padding-right: 0;
  text-align: right;
}

.sai-panel tbody th {
  overflow: hidden;
  text-overflow: ellipsis;
  max-width: 96px;
}

.sai-panel tbody tr,
.sai-panel tfoot tr {
  border-top: 1px solid var(--jp-border-color3);
}

.sai-number {
  font-variant-numeric: tabular-nums;
}

.sai-soft,
.sai-missing {
  color: var(--jp-ui-font-color2);
}

.sai-pass {
  color: var(--jp-success-color0, var(--jp-success-color1));
}

.sai-lost {
  color: var(--jp-error-color1);
}

.sai-panel pre {
  background: var(--jp-layout-color2);
  padding: 6px;
  overflow: auto;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  margin: 4px 0;
}

.sai-buttons {
  display: flex;
  gap: 8px;
  margin: 6px 0;
}

.sai-links {
  display: flex;
  gap: 12px;
}

.sai-link {
  border: none;
  background: none;
  padding: 0;
  font: inherit;
  color: var(--jp-content-link-color);
  text-decoration: underline;
  cursor: pointer;
}

.sai-welcome article {
  max-width: 720px;
  margin: 0 auto;
  padding: 24px;
  line-height: 1.5;
}

.sai-welcome h1 {
  margin-bottom: 0;
}

.sai-card {
  border: 1px solid var(--jp-border-color1);
  border-radius: 4px;
  padding: 4px 16px 8px;
  margin: 12px 0;
}

.sai-card h3 {
  margin: 8px 0 0;
}

.sai-card p {
  margin: 4px 0;
}

/* Read by a screen reader only. */
.sai-unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}
`,""]),o.d(t,{},{A:s})},"./node_modules/css-loader/dist/runtime/api.js"(e){e.exports=function(e){var t=[];return t.toString=function(){return this.map(function(t){var o="",r=void 0!==t[5];return t[4]&&(o+="@supports (".concat(t[4],") {")),t[2]&&(o+="@media ".concat(t[2]," {")),r&&(o+="@layer".concat(t[5].length>0?" ".concat(t[5]):""," {")),o+=e(t),r&&(o+="}"),t[2]&&(o+="}"),t[4]&&(o+="}"),o}).join("")},t.i=function(e,o,r,n,a){"string"==typeof e&&(e=[[null,e,void 0]]);var s={};if(r)for(var i=0;i<this.length;i++){var l=this[i][0];null!=l&&(s[l]=!0)}for(var d=0;d<e.length;d++){var p=[].concat(e[d]);r&&s[p[0]]||(void 0!==a&&(void 0===p[5]||(p[1]="@layer".concat(p[5].length>0?" ".concat(p[5]):""," {").concat(p[1],"}")),p[5]=a),o&&(p[2]&&(p[1]="@media ".concat(p[2]," {").concat(p[1],"}")),p[2]=o),n&&(p[4]?(p[1]="@supports (".concat(p[4],") {").concat(p[1],"}"),p[4]=n):p[4]="".concat(n)),t.push(p))}},t}},"./node_modules/css-loader/dist/runtime/noSourceMaps.js"(e){e.exports=function(e){return e[1]}},"./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"(e){var t=[];function o(e){for(var o=-1,r=0;r<t.length;r++)if(t[r].identifier===e){o=r;break}return o}function r(e,r){for(var n={},a=[],s=0;s<e.length;s++){var i=e[s],l=r.base?i[0]+r.base:i[0],d=n[l]||0,p="".concat(l," ").concat(d);n[l]=d+1;var c=o(p),u={css:i[1],media:i[2],sourceMap:i[3],supports:i[4],layer:i[5]};if(-1!==c)t[c].references++,t[c].updater(u);else{var m=function(e,t){var o=t.domAPI(t);return o.update(e),function(t){t?(t.css!==e.css||t.media!==e.media||t.sourceMap!==e.sourceMap||t.supports!==e.supports||t.layer!==e.layer)&&o.update(e=t):o.remove()}}(u,r);r.byIndex=s,t.splice(s,0,{identifier:p,updater:m,references:1})}a.push(p)}return a}e.exports=function(e,n){var a=r(e=e||[],n=n||{});return function(e){e=e||[];for(var s=0;s<a.length;s++){var i=o(a[s]);t[i].references--}for(var l=r(e,n),d=0;d<a.length;d++){var p=o(a[d]);0===t[p].references&&(t[p].updater(),t.splice(p,1))}a=l}}},"./node_modules/style-loader/dist/runtime/insertBySelector.js"(e){var t={};e.exports=function(e,o){var r=function(e){if(void 0===t[e]){var o=document.querySelector(e);if(window.HTMLIFrameElement&&o instanceof window.HTMLIFrameElement)try{o=o.contentDocument.head}catch(e){o=null}t[e]=o}return t[e]}(e);if(!r)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");r.appendChild(o)}},"./node_modules/style-loader/dist/runtime/insertStyleElement.js"(e){e.exports=function(e){var t=document.createElement("style");return e.setAttributes(t,e.attributes),e.insert(t,e.options),t}},"./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"(e,t,o){e.exports=function(e){var t=o.nc;t&&e.setAttribute("nonce",t)}},"./node_modules/style-loader/dist/runtime/styleDomAPI.js"(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var t=e.insertStyleElement(e);return{update:function(o){var r,n,a;r="",o.supports&&(r+="@supports (".concat(o.supports,") {")),o.media&&(r+="@media ".concat(o.media," {")),(n=void 0!==o.layer)&&(r+="@layer".concat(o.layer.length>0?" ".concat(o.layer):""," {")),r+=o.css,n&&(r+="}"),o.media&&(r+="}"),o.supports&&(r+="}"),(a=o.sourceMap)&&"u">typeof btoa&&(r+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(r,t,e.options)},remove:function(){var e;null===(e=t).parentNode||e.parentNode.removeChild(e)}}}},"./node_modules/style-loader/dist/runtime/styleTagTransform.js"(e){e.exports=function(e,t){if(t.styleSheet)t.styleSheet.cssText=e;else{for(;t.firstChild;)t.removeChild(t.firstChild);t.appendChild(document.createTextNode(e))}}},"./style/index.js"(e,t,o){var r=o("./node_modules/style-loader/dist/runtime/injectStylesIntoStyleTag.js"),n=o.n(r),a=o("./node_modules/style-loader/dist/runtime/styleDomAPI.js"),s=o.n(a),i=o("./node_modules/style-loader/dist/runtime/insertBySelector.js"),l=o.n(i),d=o("./node_modules/style-loader/dist/runtime/setAttributesWithoutAttributes.js"),p=o.n(d),c=o("./node_modules/style-loader/dist/runtime/insertStyleElement.js"),u=o.n(c),m=o("./node_modules/style-loader/dist/runtime/styleTagTransform.js"),f=o.n(m),y=o("./node_modules/css-loader/dist/cjs.js!./style/index.css"),v={};v.styleTagTransform=f(),v.setAttributes=p(),v.insert=l().bind(null,"head"),v.domAPI=s(),v.insertStyleElement=u(),n()(y.A,v),y.A&&y.A.locals&&y.A.locals}}]);