/** The page before its script fills it: nothing of a row is ever part of it. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>retrace view</title>
<link rel="stylesheet" href="app.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<div class="toolbar">
<select id="file" aria-label="file"></select>
<button type="button" id="table" title="l" aria-pressed="false">table</button>
<span class="group">
<button type="button" id="previous" title="previous row: p" aria-label="previous row">‹</button>
<input id="row" inputmode="numeric" placeholder="row  g" aria-label="row" autocomplete="off">
<span id="count"></span>
<button type="button" id="next" title="next row: n" aria-label="next row">›</button>
</span>
<button type="button" id="more" aria-expanded="false" aria-controls="tools">more</button>
</div>
<div class="toolbar" id="tools">
<input id="search" type="search" placeholder="search  /" aria-label="search" autocomplete="off" spellcheck="false">
<input id="filter" list="fields" placeholder="filter  f  language=python" aria-label="filter" autocomplete="off" spellcheck="false">
<datalist id="fields"></datalist>
<span class="group">
<button type="button" id="keep" title="k" aria-pressed="false">keep</button>
<button type="button" id="drop" title="d" aria-pressed="false">drop</button>
</span>
<button type="button" id="export" title="download the rows that your labels keep">export</button>
<button type="button" id="figures" title="t" aria-pressed="false">figures</button>
<button type="button" id="help" title="?" aria-pressed="false">help</button>
</div>
<div id="chosen"></div>
<p id="message" role="status"></p>
</header>
<main id="main" tabindex="-1"></main>
<script type="module" src="app.js"></script>
</body>
</html>
`
