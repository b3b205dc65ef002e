/**
 * Lit, cut to what the widget's templates use; made alike by the build and by the element tests. What it leaves on a page goes: the
 * name of its policy would clash with a page's own Lit, its list of versions is a global. What goes besides: directives, `noChange`,
 * roots of SVG and MathML, compiled templates, hosts of listeners, attributes of several expressions, expressions in comments, on
 * elements and inside `style` and its like. `tight-templates.ts` refuses templates that would need one of these. That a template is a
 * real one is still checked: an object from the network must never pass for markup.
 */

/** Exact pieces of Lit's file; `…` is everything up to what follows it. */
const LIT_CHANGES: readonly [from: string, to: string][] = [
  // what the page would notice
  [
    's=t.trustedTypes,e=s?s.createPolicy("lit-html",{createHTML:t=>t}):void 0,',
    'e=t.trustedTypes?.createPolicy("iclosed-booking",{createHTML:t=>t}),',
  ],
  ['return void 0!==e?', 'return e?'],
  ['const j={M:h,…push("3.3.3");const D=', 'const D='],
  [
    '{j as _$LH,b as html,T as mathml,E as noChange,A as nothing,D as render,w as svg}',
    '{b as _$LH,b as html,b as mathml,b as noChange,A as nothing,D as render,b as svg}',
  ],
  // one kind of root, one way to write an expression: `name=${…}` in a tag, `${…}` between tags; marks that need not be guessed by a value
  ['h="$lit$"', 'h="$"'],
  ['o=`lit$${…r=`<${n}>`,', ''],
  ['i=t=>t,', ''],
  ['a=t=>null===t||"object"!=typeof t&&"function"!=typeof t', 'a=t=>t!==Object(t)'],
  ['d=t=>u(t)||…p=RegExp(…y=/^(?:script|style|textarea|title)$/i,', ''],
  [
    'x=t=>(i,...s)=>({_$litType$:t,strings:i,values:s}),b=x(1),w=x(2),T=x(3),E=Symbol.for("lit-noChange"),',
    'b=(t,...i)=>({strings:t,values:i}),',
  ],
  ['A=Symbol.for("lit-nothing")', 'A=null'],
  // what is no template has no `raw`, and nothing is made of it
  ['if(!u(t)||!t.hasOwnProperty("raw"))throw Error("invalid template strings array");', ''],
  // a template: its content, and where in it which kind of expression stands; each takes one value
  [
    'const N=(t,i)=>{…e]};',
    'const S=t=>{const i=[],d=[],e=t.raw.length-1,u=l.createElement("template");u.innerHTML=V(t,t.map((t,s)=>s<e?t.replace(/(\\S+)=$|$/,(t,s)=>s?(d.push(s),s+h+"=0"):"<?0>"):t||"<?>").join("")),P.currentNode=u.content;for(let t,e=0;t=P.nextNode();e++){for(const s of t.getAttributeNames?.()??[])if(s.endsWith(h)){const[,h,o]=/([.?@])?(.*)/.exec(d.shift());i.push([e,o,{".":I,"?":L,"@":z}[h]??H]),t.removeAttribute(s)}"?0"===t.data&&i.push([e])}return[u.content,i]};',
  ],
  ['class S{constructor({strings:t,_$litType$:i},e){…static createElement(t,i){…}}', ''],
  ['function M(t,i,s=t,e){…class R{constructor(t,i){…class k{', 'class k{'],
  [
    'get _$AU(){return this._$AM?…constructor(t,i,s,e){…get endNode(){return this._$AB}',
    'constructor(t,i){this._$AH=A,this._$AA=t,this._$AB=i}',
  ],
  [
    '_$AI(t,i=this){t=M(this,t,i),a(t)?t===A||null==t||""===t?(this._$AH!==A&&this._$AR(),this._$AH=A):t!==this._$AH&&t!==E&&this._(t):void 0!==t._$litType$?this.$(t):void 0!==t.nodeType?this.T(t):d(t)?this.k(t):this._(t)}',
    '_$AI(t){a(t)?""===(t??"")?(this._$AR(),this._$AH=A):t!==this._$AH&&this._(t):u(t)?this.k(t):this.$(t)}',
  ],
  [
    '$(t){const{values:i,_$litType$:s}=t,…_$AC(t){let i=C.get(t.strings);return void 0===i&&C.set(t.strings,i=new S(t)),i}',
    '$({strings:t,values:i}){let s=C.get(t);s||C.set(t,s=S(t));let h=this._$AH,e;if(h?._$AD!==s){h={_$AD:s,_$AV:[]},e=l.importNode(s[0],!0),P.currentNode=e;let t=-1,i;for(const[n,r,o]of s[1]){for(;t<n;t++)i=P.nextNode();h._$AV.push(o?new o(i,r):new k(i,i.nextSibling))}}h._$AV.forEach((t,s)=>t._$AI(i[s])),e&&(this.T(e),this._$AH=h)}',
  ],
  // what is put in is always new
  ['T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}', 'T(t){this._$AR(),this.O(t)}'],
  [
    'let s,e=0;for(const h of t)…e<i.length&&(this._$AR(s&&s._$AB.nextSibling,e),i.length=e)}_$AR(t=this._$AA.nextSibling,s)',
    'let s,e=0;for(const h of t)(s=i[e++]??=new k(this.O(c()),this.O(c())))._$AI(h);this._$AR(s?._$AB.nextSibling),i.length=e}_$AR(t=this._$AA.nextSibling)',
  ],
  [
    'for(this._$AP?.(!1,!0,s);t!==this._$AB;){const s=i(t).nextSibling;i(t).remove(),t=s}',
    'for(;t!==this._$AB;){const i=t.nextSibling;t.parentNode.removeChild(t),t=i}',
  ],
  ['setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}', ''],
  // attributes, properties, listeners: one expression each
  [
    'class H{get tagName(){…_$AI(t,i=this,s,e){…}j(t){',
    'class H extends k{_$AI(t){a(t)&&t===this._$AH||this.j(this._$AH=t)}j(t){',
  ],
  [
    't===A?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")',
    'null==t?this._$AA.removeAttribute(this._$AB):this._$AA.setAttribute(this._$AB,t)',
  ],
  ['constructor(){super(...arguments),this.type=3}', ''],
  // to write what stands there already would wipe a number that is half written, and move the caret
  ['j(t){this.element[this.name]=t===A?void 0:t}', 'j(t){const{_$AA:i,_$AB:s}=this;i[s]!==t&&(i[s]=t)}'],
  ['constructor(){super(...arguments),this.type=4}', ''],
  ['this.element.toggleAttribute(this.name,!!t&&t!==A)', 'this._$AA.toggleAttribute(this._$AB,!!t)'],
  [
    'constructor(t,i,s,e,h){super(t,i,s,e,h),this.type=5}_$AI(t,i=this){…handleEvent(t){…}}class Z{…_$AI(t){M(this,t)}}',
    '_$AI(t){this._$AH??this._$AA.addEventListener(this._$AB,this),this._$AH=t}handleEvent(t){this._$AH(t)}}',
  ],
  ['D=(t,i,s)=>{…return h._$AI(t),h}', 'D=(t,i)=>{(i._$AH??=new k(i.appendChild(c()),null))._$AI(t)}'],
];

/** @throws When Lit has changed, with what is not found in it any more. */
export function smaller(code: string): string {
  const missing: string[] = [];
  let text = code;
  for (const [from, to] of LIT_CHANGES) {
    const found = spanOf(text, from.split('…'));
    if (found) text = text.slice(0, found.start) + to + text.slice(found.end);
    else missing.push(from);
  }
  if (missing.length > 0) throw new Error(`Lit has changed; not found in it any more: ${missing.join(' · ')}`);
  return text.replaceAll('_$A', '');
}

/** Where the pieces stand, one after the other. */
function spanOf(text: string, pieces: readonly string[]): { start: number; end: number } | undefined {
  let start = -1;
  let end = 0;
  for (const piece of pieces) {
    const at = text.indexOf(piece, end);
    if (at < 0) return undefined;
    if (start < 0) start = at;
    end = at + piece.length;
  }
  return { start, end };
}
