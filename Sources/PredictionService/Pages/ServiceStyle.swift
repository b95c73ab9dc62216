/// How the pages look: in light and dark, on a phone and on a desk.
///
/// Text stands out from its ground by 4.5 : 1 at least, and borders of fields by 3 : 1.
enum ServiceStyle {
  static let rules: StaticString = """
    :root{color-scheme:light dark;--ground:#f5f7f9;--sheet:#fff;--ink:#1b1f24;--soft:#55606c;\
    --rule:#d8dee5;--edge:#79838f;--accent:#0a5a9c;--on-accent:#fff;--hover:#084a80;\
    --wrong:#a8201f;--wrong-ground:#fdf1f0;--care:#7a5200;--care-ground:#fdf6e3;\
    --gold:#7a5a00;--gold-ground:#fbf1cf;--gold-bar:#c99a12;\
    --silver:#49535e;--silver-ground:#eaeef2;--silver-bar:#7f8b98;--training:#8d99a6;--track:#dfe4ea}
    @media (prefers-color-scheme:dark){:root{--ground:#101317;--sheet:#181c22;--ink:#e8ebef;\
    --soft:#a7b1bc;--rule:#2c333c;--edge:#7d8894;--accent:#7cc0ff;--on-accent:#0b1a28;\
    --hover:#a5d4ff;--wrong:#ff9d97;--wrong-ground:#2e1918;--care:#f0c869;--care-ground:#2a2313;\
    --gold:#f3d06b;--gold-ground:#2b2412;--gold-bar:#d8ab2c;\
    --silver:#cbd4dd;--silver-ground:#222931;--silver-bar:#94a1ae;--training:#6d7884;--track:#2c333c}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    a{color:var(--accent);text-underline-offset:.15em}
    :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--sheet);padding:.4rem .8rem;z-index:1}
    header{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;\
    gap:.25rem 1.5rem;max-width:62rem;margin:0 auto;padding:1rem 1.25rem}
    .brand{margin:0;font-weight:650}
    .brand a{display:inline-flex;align-items:center;gap:.5rem;color:var(--ink);\
    text-decoration:none}
    .diamond{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linejoin:round}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}
    nav a{display:inline-block;padding:.35rem 0}
    nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
    main{margin:0 auto;padding:.5rem 1.25rem 1rem}
    .narrow{max-width:50rem}
    .wide{max-width:62rem}
    h1{font-size:clamp(1.5rem,1.2rem + 1.6vw,2.1rem);line-height:1.2;letter-spacing:-.015em;\
    margin:.75rem 0 .5rem;text-wrap:balance}
    h2{font-size:1.15rem;line-height:1.3;margin:2rem 0 .6rem}
    h3{font-size:1rem;margin:1.5rem 0 .25rem}
    p{margin:.4rem 0}
    .lead{color:var(--soft);max-width:44rem}
    .note{color:var(--soft);font-size:.9rem;max-width:44rem}
    form{background:var(--sheet);border:1px solid var(--rule);border-radius:.75rem;\
    padding:1.5rem;margin:1.25rem 0}
    .fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));\
    gap:1.25rem 1.5rem;align-items:start}
    label{display:block;font-weight:600;margin-bottom:.25rem}
    .unit{font-weight:400;color:var(--soft)}
    input,select{display:block;width:100%;min-height:2.75rem;font:inherit;color:var(--ink);\
    background:var(--ground);border:1px solid var(--edge);border-radius:.45rem;\
    padding:.45rem .65rem}
    .hint{color:var(--soft);font-size:.85rem;line-height:1.35;margin:.3rem 0 0}
    .error{color:var(--wrong);font-size:.9rem;line-height:1.35;margin:.3rem 0 0;font-weight:600;\
    overflow-wrap:anywhere}
    .wrong input,.wrong select{border:2px solid var(--wrong)}
    .actions{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem 1.5rem;margin:1.5rem 0 0}
    button,.button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.5rem;border:0;\
    border-radius:.45rem;background:var(--accent);color:var(--on-accent);cursor:pointer;\
    text-decoration:none;display:inline-flex;align-items:center}
    button:hover,.button:hover{background:var(--hover)}
    .problems,.notices{border-left:4px solid var(--wrong);background:var(--wrong-ground);\
    border-radius:.3rem;padding:.9rem 1.1rem;margin:1.25rem 0}
    .notices{border-color:var(--care);background:var(--care-ground)}
    .problems h2,.notices h2{font-size:1rem;margin:0 0 .3rem;color:var(--wrong)}
    .notices h2{color:var(--care)}
    .problems ul,.notices ul{margin:0;padding-left:1.2rem}
    .problems li,.notices li{overflow-wrap:anywhere}
    .problems a{color:var(--wrong)}
    .verdict{border-radius:.75rem;padding:1.5rem;margin:1rem 0 0;background:var(--sheet);\
    border:1px solid var(--rule)}
    .verdict h1{font-size:clamp(2.4rem,2rem + 2vw,3.4rem);margin:0}
    .verdict .lead{margin:.25rem 0 0}
    .verdict.gold{background:var(--gold-ground);border-color:var(--gold-bar)}
    .verdict.gold h1{color:var(--gold)}
    .verdict.silver{background:var(--silver-ground);border-color:var(--silver-bar)}
    .verdict.silver h1{color:var(--silver)}
    .probabilities{margin:0;display:grid;gap:.75rem;--bar:var(--accent)}
    .probabilities .gold{--bar:var(--gold-bar)}
    .probabilities .silver{--bar:var(--silver-bar)}
    .probabilities dt{font-weight:600}
    .probabilities dd{margin:0;display:flex;align-items:center;gap:1rem}
    .probabilities svg{flex:1;height:.8rem;border-radius:.4rem;background:var(--track)}
    .probabilities rect{fill:var(--bar)}
    .percent{min-width:4.5rem;text-align:right;font-variant-numeric:tabular-nums}
    .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));\
    gap:.9rem 1.25rem;margin:0}
    .facts dt{color:var(--soft);font-size:.85rem}
    .facts dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    footer{max-width:62rem;margin:2rem auto 0;padding:1rem 1.25rem 2rem;color:var(--soft);\
    font-size:.85rem;overflow-wrap:anywhere}
    .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;list-style:none;padding:0;\
    margin:1.25rem 0 .75rem;font-size:.9rem}
    .swatch{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin-right:.45rem}
    .swatch.training{background:var(--training)}
    .swatch.served{background:var(--accent)}
    rect.training{fill:var(--training)}
    rect.served{fill:var(--accent)}
    .axis{fill:none;stroke:var(--edge)}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));\
    gap:1.25rem}
    figure{margin:0;background:var(--sheet);border:1px solid var(--rule);border-radius:.75rem;\
    padding:1rem;min-width:0}
    figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .75rem;\
    margin-bottom:.6rem}
    figcaption .name{font-weight:600}
    .index{color:var(--soft);font-size:.9rem;font-variant-numeric:tabular-nums}
    .changed .index{color:var(--care);font-weight:600}
    .different .index{color:var(--wrong);font-weight:600}
    figure svg{display:block;width:100%;height:auto}
    details{margin-top:.5rem}
    summary{cursor:pointer;font-size:.85rem;color:var(--accent);width:fit-content}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;\
    margin:.5rem 0}
    th,td{text-align:left;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--rule);\
    vertical-align:top}
    td:not(:first-child){text-align:right}
    .plain td,.plain td:not(:first-child){text-align:left}
    tbody th{font-weight:400}
    .scroll{overflow-x:auto}
    code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;\
    font-size:.875rem}
    pre{background:var(--sheet);border:1px solid var(--rule);border-radius:.45rem;\
    padding:.75rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0 1rem}
    .operation{border-top:1px solid var(--rule);margin-top:1.75rem}
    .operation h3 code{font-size:1rem}
    .method{display:inline-block;min-width:3.2rem;color:var(--soft);font-weight:600}
    @media (max-width:34rem){form{padding:1.1rem}.fields{gap:1.1rem}}
    @media (forced-colors:active){.problems,.notices,.verdict{border:2px solid}}

    """
}
