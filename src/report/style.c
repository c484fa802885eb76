/* The report's style sheet: light and dark, narrow screens, paper. The colours of rows are Paul Tol's "bright" set
 * with one of his "vibrant", which people with any colour vision can tell apart. */
#include <stddef.h>

#include "report/section.h"

const char *const s2s_page_style[] = {
    ":root{--paper:#fff;--card:#f6f7f9;--ink:#1c2127;--soft:#5d6772;--rule:#dde1e6;--better:#"
    "1a7f4b;"
    "--worse:#b3352c;--ins:#c9efd6;--del:#fbd7d3;--c0:#4477aa;--c1:#ee6677;--c2:#228833;--c3:#"
    "ccbb44;"
    "--c4:#66ccee;--c5:#aa3377;--c6:#ee7733;--c7:#8d949c}\n",
    "@media "
    "(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1d2126;--ink:#e6e9ec;--soft:#9aa4ae;"
    "--rule:#343b43;--better:#5fd08f;--worse:#ff8a7d;--ins:#1d5133;--del:#6b2b27;--c0:#77aadd;--c2:"
    "#44bb66;"
    "--c5:#dd77aa}}\n",
    "*{box-sizing:border-box}\n",
    "body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 "
    "system-ui,-apple-system,\"Segoe UI\","
    "Roboto,\"Noto Sans\",sans-serif}\n",
    "main{max-width:1180px;margin:0 auto;padding:28px 22px 60px}\n",
    "h1{font-size:27px;margin:0;letter-spacing:-.01em}h2{font-size:20px;margin:0 0 12px}\n",
    "h2 small{font-weight:400;color:var(--soft);font-size:14px;margin-left:6px}\n",
    "h3{font-size:13px;margin:18px 0 "
    "6px;color:var(--soft);font-weight:600}h4{font-size:14px;margin:16px 0 8px}\n",
    "header p{margin:4px 0 0;color:var(--soft)}\n",
    "section{margin-top:34px;padding-top:22px;border-top:1px solid var(--rule)}\n",
    ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-"
    "nums}\n",
    "th,td{text-align:left;padding:7px 14px 7px 0;border-bottom:1px solid "
    "var(--rule);vertical-align:middle;"
    "white-space:nowrap}\n",
    "thead th{font-size:13px;color:var(--soft);font-weight:600}tbody th{font-weight:500}\n",
    "th.number,td.number{text-align:right;padding-right:6px}.missing{color:var(--worse);white-"
    "space:normal}\n",
    ".swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px}\n",
    ".value.best{font-weight:700}.half{color:var(--soft);font-size:13px}\n",
    ".mark{margin-left:9px;font-size:12.5px;color:var(--soft)}.better{color:var(--better);font-"
    "weight:600}"
    ".worse{color:var(--worse);font-weight:600}\n",
    ".bar{display:block;width:160px;height:14px;margin-top:2px}.bar "
    ".track{stroke:var(--rule);stroke-width:1}\n",
    ".bar .interval{stroke:var(--c0);stroke-width:5;stroke-linecap:round;opacity:.45}.bar "
    ".dot{fill:var(--c0)}\n",
    ".bar .base{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:2 2}\n",
    ".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:"
    "22px;margin:24px 0}\n",
    ".chart{margin:0}.chart figcaption{font-weight:600;font-size:14px;margin-bottom:4px}.chart "
    "svg{width:100%;"
    "height:auto;display:block}\n",
    ".chart text{fill:var(--soft);font-size:11px}.chart .middle{text-anchor:middle}.chart "
    ".end{text-anchor:end}"
    ".chart .faint{opacity:.75;font-size:10px}\n",
    ".chart .grid{stroke:var(--rule);stroke-width:1}.chart .zero{stroke:var(--soft)}.chart "
    "polyline{fill:none;stroke-width:1.8;"
    "stroke-linejoin:round}\n",
    ".note{color:var(--soft);font-size:13px;margin:4px 0 0}\n",
    "polyline.c0{stroke:var(--c0)}circle.c0{fill:var(--c0)}.swatch.c0{background:var(--c0)}"
    ".heat.c0{fill:var(--c0)}\n",
    "polyline.c1{stroke:var(--c1)}circle.c1{fill:var(--c1)}.swatch.c1{background:var(--c1)}"
    ".heat.c1{fill:var(--c1)}\n",
    "polyline.c2{stroke:var(--c2)}circle.c2{fill:var(--c2)}.swatch.c2{background:var(--c2)}"
    ".heat.c2{fill:var(--c2)}\n",
    "polyline.c3{stroke:var(--c3)}circle.c3{fill:var(--c3)}.swatch.c3{background:var(--c3)}"
    ".heat.c3{fill:var(--c3)}\n",
    "polyline.c4{stroke:var(--c4)}circle.c4{fill:var(--c4)}.swatch.c4{background:var(--c4)}"
    ".heat.c4{fill:var(--c4)}\n",
    "polyline.c5{stroke:var(--c5)}circle.c5{fill:var(--c5)}.swatch.c5{background:var(--c5)}"
    ".heat.c5{fill:var(--c5)}\n",
    "polyline.c6{stroke:var(--c6)}circle.c6{fill:var(--c6)}.swatch.c6{background:var(--c6)}"
    ".heat.c6{fill:var(--c6)}\n",
    "polyline.c7{stroke:var(--c7)}circle.c7{fill:var(--c7)}.swatch.c7{background:var(--c7)}"
    ".heat.c7{fill:var(--c7)}\n",
    ".pictures{display:flex;flex-wrap:wrap;gap:6px 28px}.attention{margin:0;max-width:100%}"
    ".attention figcaption{color:var(--soft);font-size:13px}\n",
    ".heat{display:block}.heat text{fill:var(--soft);font-size:11.5px}.heat .end{text-anchor:end}"
    ".heat .field{fill:var(--paper);stroke:var(--rule)}\n",
    "details{margin-top:10px}summary{cursor:pointer;font-weight:600}\n",
    ".card{background:var(--card);border-radius:8px;padding:10px 14px;margin:8px 0}\n",
    ".card .scores{margin:0 0 "
    "4px;font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums}\n",
    ".card .scores span{margin-right:16px}.card .where{font-weight:600;color:var(--ink)}\n",
    ".card summary{font-size:13px;font-weight:500;color:var(--soft)}\n",
    ".card dl{display:grid;grid-template-columns:minmax(90px,max-content) 1fr;gap:2px "
    "14px;margin:0;align-items:baseline}\n",
    ".card dt{color:var(--soft);font-size:13px}.card "
    "dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}\n",
    "ins,del{text-decoration:none;border-radius:3px;padding:0 2px;margin:0 "
    "-2px}ins{background:var(--ins)}"
    "del{background:var(--del)}\n",
    ".columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:0 34px}\n",
    ".facts{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:0;align-items:baseline}"
    ".facts "
    "dt{font-weight:500}"
    ".facts dd{margin:0;overflow-wrap:anywhere}\n",
    ".path,code{font:12.5px ui-monospace,SFMono-Regular,Menlo,\"DejaVu Sans "
    "Mono\",monospace;color:var(--soft)}"
    "dd code{margin-right:8px}\n",
    "@media (max-width:640px){.card dl{grid-template-columns:1fr}.card dt{margin-top:6px}}\n",
    "@media "
    "print{body{font-size:11px}main{max-width:none;padding:0}section,.card,.chart,tr{break-inside:"
    "avoid}"
    "section{break-inside:auto}.wide{overflow:visible}*{print-color-adjust:exact;-webkit-print-"
    "color-adjust:exact}}\n",
    NULL,
};
