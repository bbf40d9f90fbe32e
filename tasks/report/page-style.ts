/** The style of report.html, in light and dark. Every text has a contrast of at least 4.5 to what is behind it. */
import { chartStyle } from "./charts.ts"

export const pageStyle = `*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff;max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .75rem}h2{font-size:1.25rem;margin:2.5rem 0 .75rem;border-top:1px solid #d1d9e0;padding-top:1.25rem}h3{font-size:1.05rem;margin:1.5rem 0 .5rem}h4{font-size:.85rem;margin:.75rem 0 .25rem;color:#59636e}
.verdict{font-size:1.15rem;margin:0 0 .5rem;max-width:52rem}p{max-width:52rem}.soft{color:#59636e}a{color:#0550ae}
table{border-collapse:collapse;width:100%;max-width:52rem;font-size:.9rem}th,td{padding:.35rem .5rem;border-bottom:1px solid #d1d9e0;text-align:left;vertical-align:top}th{font-weight:600;overflow-wrap:normal}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}th.n{white-space:normal}td p{margin:0;font-size:.85rem}.open td{border-bottom:0;padding-bottom:0}
.short{color:#a40e26;font-weight:600}.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:2rem}.charts svg{width:100%;max-width:26rem;height:auto;display:block}
pre{font:13px/1.5 ui-monospace,monospace;white-space:pre;overflow:auto;max-height:32rem;background:#f6f8fa;padding:.75rem;border-radius:6px;margin:.25rem 0;tab-size:4}pre.command{white-space:pre-wrap}pre i{color:#59636e;font-style:normal}
.wanted,.unwanted{display:inline-block;min-width:100%}.wanted{background:#dafbe1}.unwanted{background:#ffebe9}mark{color:inherit;background:#aceebb}.unwanted mark{background:#ffc1bc}
summary{cursor:pointer;padding:.35rem 0}details details{margin-left:1rem}code{font:.9em ui-monospace,monospace}
${chartStyle}
@media(max-width:30rem){body{padding:1rem 1rem 3rem}th,td{padding:.35rem .3rem;font-size:.85rem}.wide{display:none}.checks .n{white-space:normal}.checks td:first-child{width:50%}}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}h2,th,td{border-color:#3d444d}.soft,h4,pre i{color:#9198a1}a{color:#79c0ff}.short{color:#ff9492}pre{background:#151b23}.wanted{background:#12361f}.unwanted{background:#3c1618}mark{background:#1f6f37}.unwanted mark{background:#86202a}}`
