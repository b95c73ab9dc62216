/// How the page looks: on a screen in light and dark, narrow and wide, and on paper.
enum PageStyle {
  static let rules: StaticString = """
    :root{color-scheme:light dark;--ground:#fff;--sheet:#fff;--ink:#1b1f24;--soft:#57606a;\
    --rule:#d5dae0;--grid:#e6e9ed;--stripe:#f6f7f9;--accent:#0a5a9c;--mark:#e8f2fb;\
    --heat:#003b73;--on-heat:#fff;--plain:#7d8793;\
    --c0:#0068ac;--c1:#c84e00;--c2:#00805c;--c3:#ab4c8c;--c4:#8a6a00;--c5:#4b56c0;--c6:#5f6670;\
    --c7:#a03030}
    @media (prefers-color-scheme:dark){:root{--ground:#14171b;--sheet:#14171b;--ink:#e7eaee;\
    --soft:#a3acb7;--rule:#3a424c;--grid:#2a3038;--stripe:#1b1f25;--accent:#7cc0ff;--mark:#17304a;\
    --heat:#7cc0f5;--on-heat:#0b0e11;--plain:#8a94a0;\
    --c0:#5cb3f0;--c1:#ff8f4d;--c2:#33c498;--c3:#e58cc4;--c4:#dcb83a;--c5:#a3abff;--c6:#b3bac4;\
    --c7:#ff8a86}}
    .s0{--s:var(--c0)}.s1{--s:var(--c1)}.s2{--s:var(--c2)}.s3{--s:var(--c3)}.s4{--s:var(--c4)}\
    .s5{--s:var(--c5)}.s6{--s:var(--c6)}.s7{--s:var(--c7)}.plain{--s:var(--plain)}
    .line,.stem,.whisker{stroke:var(--s)}.bar,.mark,.area{fill:var(--s)}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    .page{max-width:75rem;margin:0 auto;padding:2rem 1.5rem 3rem}
    h1{font-size:1rem;font-weight:600;color:var(--soft);margin:0 0 .75rem}
    h2{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem}
    h3{font-size:1rem;margin:1.5rem 0 .25rem}
    p{margin:.4rem 0;max-width:46rem}
    .answer{font-size:clamp(1.3rem,1rem + 1.4vw,1.8rem);line-height:1.25;font-weight:650;\
    letter-spacing:-.01em;max-width:50rem;margin:0 0 1rem;text-wrap:balance}
    .remarks{margin:0;padding-left:1.1rem;max-width:46rem}
    .remarks li{margin:.25rem 0}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;padding:.75rem 0 0;\
    margin:1.5rem 0 0;border-top:1px solid var(--rule);font-size:.9rem}
    a{color:var(--accent);text-underline-offset:.15em}
    section{margin-top:3rem}
    .lead,.note{color:var(--soft)}
    .note{font-size:.85rem}
    .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));\
    gap:2rem 2.5rem;margin-top:1.25rem;align-items:start}
    .grid.tight{grid-template-columns:repeat(auto-fill,minmax(min(100%,15.5rem),1fr));\
    gap:1.75rem 1.5rem}
    .grid.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr));\
    gap:1.75rem 1.75rem}
    figure{margin:0;min-width:0}
    figure.wide{margin-top:1.5rem}
    figcaption{font-weight:600;margin-bottom:.4rem;overflow-wrap:anywhere}
    .drawing{display:block;width:100%;height:auto;overflow:visible}
    .wide .drawing{min-width:40rem}
    .drawing text{font-size:12px;fill:var(--soft)}
    .drawing .axis-title,.drawing .name,.drawing .value{fill:var(--ink)}
    .drawing .value{font-variant-numeric:tabular-nums}
    .drawing .count{font-size:20px;font-weight:600;fill:var(--ink)}
    .drawing .count.small{font-size:13px}
    .drawing .share{font-size:11.5px;fill:var(--ink)}
    .drawing .tiny{font-size:10px}
    .drawing .on-heat{fill:var(--on-heat)}
    .drawing .grid{fill:none;stroke:var(--grid);stroke-width:1;gap:0;margin:0}
    .axis{fill:none;stroke:var(--soft);stroke-width:1}
    .reference{fill:none;stroke:var(--soft);stroke-width:1;stroke-dasharray:3 4}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}
    .line.thin{stroke-width:1.6}
    .stem{fill:none;stroke-width:2.5;stroke-opacity:.45}
    .whisker{fill:none;stroke-width:1.2}
    .mark{stroke:var(--ground);stroke-width:.8}
    .area{fill-opacity:.16}
    .heat{fill:var(--heat)}
    .outline{fill:none;stroke:var(--rule)}
    .stripe{fill:var(--stripe)}
    .track{fill:var(--grid)}
    .spread{fill:var(--ink);fill-opacity:.75}
    .swatch{flex:none;vertical-align:-.15em;margin-right:.4rem}
    .legend{list-style:none;margin:.5rem 0 0;padding:0;font-size:.875rem;\
    display:grid;gap:.1rem}
    .legend li{display:flex;flex-wrap:wrap;align-items:center;min-width:0}
    .legend .entry{overflow-wrap:break-word;min-width:0;max-width:calc(100% - 3rem)}
    .legend .figure{margin-left:auto;padding-left:1rem;font-variant-numeric:tabular-nums;\
    white-space:nowrap;color:var(--soft)}
    .drawing+.legend{max-width:34rem}
    details{margin-top:.5rem}
    summary{cursor:pointer;font-size:.85rem;color:var(--accent);width:fit-content}
    details.more{margin-top:1.5rem}
    details.more>summary{font-size:1rem}
    .scroll{position:relative;overflow-x:auto;max-width:100%}
    .scroll:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);\
    outline-offset:2px}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:.5rem;\
    caption-side:top}
    th{text-align:left;font-weight:600}
    .numbers{font-size:.8rem;margin:.5rem 0}
    .numbers th,.numbers td{padding:.2rem .9rem .2rem 0;text-align:right;vertical-align:top;\
    border-bottom:1px solid var(--grid)}
    .numbers td,.numbers thead th{white-space:nowrap}
    .numbers th:first-child{text-align:left;white-space:normal;min-width:9rem;\
    overflow-wrap:break-word}
    .numbers tbody th{font-weight:400}
    .figure .scroll,figure .scroll{max-height:24rem;overflow:auto}
    figure.wide>.scroll{max-height:none}
    .comparison{width:100%;font-size:.9rem;margin-top:.5rem}
    .comparison th,.comparison td{padding:.5rem .45rem;text-align:left;vertical-align:top;\
    border-bottom:1px solid var(--rule)}
    .comparison thead th{vertical-align:bottom;font-size:.85rem;border-bottom-color:var(--soft)}
    .comparison tbody th{position:sticky;left:0;background:var(--sheet);max-width:15rem;z-index:1}
    .comparison td{min-width:4.6rem;white-space:nowrap}
    .model-name{display:flex;align-items:baseline}
    .model-name span{overflow-wrap:break-word;min-width:0}
    .comparison .value{font-size:.95rem}
    .comparison .best{font-weight:700}
    .star{color:var(--accent);font-size:.85em}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);\
    white-space:nowrap}
    .interval{display:block;font-size:.72rem;color:var(--soft);white-space:nowrap}
    .cell-bar{display:block;width:100%;height:6px;margin-top:.35rem;border-radius:3px}
    .baseline{color:var(--soft);font-style:italic}
    .hint{color:var(--soft);font-weight:400}
    .facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1.5rem;\
    margin:1rem 0;font-size:.9rem}
    .facts dt{color:var(--soft)}
    .facts dd{margin:0;overflow-wrap:anywhere}
    code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;\
    font-size:.9em}
    pre{background:var(--stripe);border:1px solid var(--rule);border-radius:.4rem;\
    padding:.75rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:1rem 0}
    footer{margin-top:3rem;border-top:1px solid var(--rule);padding-top:1rem;color:var(--soft);\
    font-size:.85rem}
    @media (max-width:40rem){.page{padding:1.25rem 1rem 2rem}.facts{grid-template-columns:1fr}\
    .facts dd{margin-bottom:.5rem}.comparison tbody th{max-width:8.5rem;font-size:.8rem}\
    section{margin-top:2.25rem}}
    @page{size:A4;margin:14mm}
    @media print{:root{--ground:#fff;--sheet:#fff;--ink:#111;\
    --soft:#444;--rule:#bbb;--grid:#ddd;--stripe:#f4f4f4;--accent:#111;--mark:#eee;\
    --heat:#003b73;--on-heat:#fff;--plain:#777;--c0:#0068ac;--c1:#c84e00;--c2:#00805c;--c3:#ab4c8c;\
    --c4:#8a6a00;--c5:#4b56c0;--c6:#5f6670;--c7:#a03030}\
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:10.5pt}\
    .page{max-width:none;padding:0}nav,details{display:none}section{margin-top:1.6rem}\
    figure,tr,.legend li{break-inside:avoid}h2,h3,figcaption,.lead{break-after:avoid}\
    .lead{break-inside:avoid}.tight figcaption{font-size:8pt}\
    .grid{grid-template-columns:1fr 1fr;gap:1rem 1.5rem}.lead+.grid{break-before:avoid}\
    .grid.tight{grid-template-columns:repeat(4,1fr);gap:.75rem}\
    .grid.small{grid-template-columns:1fr 1fr 1fr;gap:1rem}\
    .numbers{font-size:7.5pt}.numbers th,.numbers td{padding:.1rem .6rem .1rem 0}\
    .legend{font-size:8pt}.note{font-size:8pt}\
    .scroll{overflow:visible!important;max-height:none!important}\
    .comparison{min-width:0!important;font-size:7.5pt}.model-name{min-width:0}.comparison thead th{white-space:normal;font-size:7.5pt}\
    .comparison th,.comparison td{padding:.25rem .3rem;min-width:0}\
    .comparison tbody th{position:static;min-width:0}.comparison .value{font-size:8pt}\
    .interval{font-size:5.5pt}.star{font-size:6pt}\
    .wide .drawing{min-width:0}a{text-decoration:none}}
    """
}
