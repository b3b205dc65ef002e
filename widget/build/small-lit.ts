/**
 * Changes to Lit's own file, made alike by the build and by the element tests. What it leaves on a page goes: the name of its policy
 * would clash with a page's own Lit, its list of versions is a global.
 * And what no template of the widget uses: directives (kept out by the module list), roots of SVG and MathML, text inside `style` and its like,
 * expressions in comments and on elements.
 * A new version of Lit that reads otherwise stops the build, and these lines are looked at again.
 */
const LIT_CHANGES: readonly [from: string, to: string][] = [
  ['createPolicy("lit-html"', 'createPolicy("iclosed-booking"'],
  [',F:Z}', '}'],
  [',(t.litHtmlVersions??=[]).push("3.3.3")', ''],
  [',B=t.litHtmlPolyfillSupport;B?.(S,k)', ''],
  [
    'let h=void 0!==e?s._$Co?.[e]:s._$Cl;const o=a(i)?void 0:i._$litDirective$;return h?.constructor!==o&&(h?._$AO?.(!1),void 0===o?h=void 0:(h=new o(t),h._$AT(t,s,e)),void 0!==e?(s._$Co??=[])[e]=h:s._$Cl=h),void 0!==h&&(i=M(t,h._$AS(t,i.values),h,e)),i',
    'return i',
  ],
  ['2===i?"<svg>":3===i?"<math>":""', '""'],
  ['+(2===i?"</svg>":3===i?"</math>":"")', ''],
  [
    'if(this.el=S.createElement(f,e),P.currentNode=this.el.content,2===i||3===i){const t=this.el.content.firstChild;t.replaceWith(...t.childNodes)}',
    'this.el=S.createElement(f,e),P.currentNode=this.el.content;',
  ],
  ['this._$AP?.(!1,!0,s);', ';'],
  ['get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}', ''],
  ['get _$AU(){return this._$AM?._$AU??this._$Cv}', ''],
  [
    'get parentNode(){let t=this._$AA.parentNode;const i=this._$AM;return void 0!==i&&11===t?.nodeType&&(t=i.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}',
    '',
  ],
  ['get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}', ''],
  [
    'class Z{constructor(t,i,s){this.element=t,this.type=6,this._$AN=void 0,this._$AM=i,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(t){M(this,t)}}',
    '',
  ],
  [
    ':1===r.type?i=new r.ctor(h,r.name,r.strings,this,t):6===r.type&&(i=new Z(h,this,t))',
    ':i=new r.ctor(h,r.name,r.strings,this,t)',
  ],
  ['else t.startsWith(o)&&(d.push({type:6,index:l}),r.removeAttribute(t));', ''],
  ['else{let t=-1;for(;-1!==(t=r.data.indexOf(o,t+1));)d.push({type:7,index:l}),t+=o.length-1}', ''],
  ['y.test(u[2])&&(n=RegExp("</"+u[2],"g")),', ''],
  [
    'if(y.test(r.tagName)){const t=r.textContent.split(o),i=t.length-1;if(i>0){r.textContent=s?s.emptyScript:"";for(let s=0;s<i;s++)r.append(t[s],c()),P.nextNode(),d.push({type:2,index:++l});r.append(t[i],c())}}',
    '',
  ],
  ['setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}', ''],
];

/** @throws When Lit has changed, with what is not found in it any more. */
export function smaller(code: string): string {
  const missing = LIT_CHANGES.filter(([from]) => !code.includes(from)).map(([from]) => from);
  if (missing.length > 0) throw new Error(`Lit has changed; not found in it any more: ${missing.join(' · ')}`);
  return LIT_CHANGES.reduce((text, [from, to]) => text.replace(from, to), code);
}
