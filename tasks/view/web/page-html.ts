/** The page before its script fills it: nothing of a row is ever part of it. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>retrace view</title>
<link rel="stylesheet" href="app.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<select id="file" aria-label="file"></select>
<button id="previous" title="p">‹ previous</button>
<input id="row" inputmode="numeric" aria-label="row">
<span id="count"></span>
<button id="next" title="n">next ›</button>
<input id="search" type="search" placeholder="search  /" aria-label="search">
<input id="filter" placeholder="filter  f   language=python" aria-label="filter">
<button id="keep" title="k">keep</button>
<button id="drop" title="d">drop</button>
<button id="stats" title="t">figures</button>
<button id="help" title="?">keys</button>
</header>
<p id="message" role="status"></p>
<main id="main" tabindex="-1"></main>
<script type="module" src="app.js"></script>
</body>
</html>
`
