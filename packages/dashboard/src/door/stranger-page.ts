/** What a person sees whose browser is not let in: after a restart of the dashboard that is everybody. No word of it comes from elsewhere. */
export const STRANGER_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not let in · Nightshift</title>
<h1>Nightshift does not know this browser</h1>
<p>Either it was never let in, or the dashboard was started again since: then everybody comes in anew.</p>
<p><strong>To come in, open the address that stands in the terminal where the dashboard runs.</strong> Each address is good once; the next one is printed as soon as it was used.</p>
<p>Where there is no such terminal, start the dashboard again. It prints an address when it begins:</p>
<pre>nightshift dashboard</pre>
</html>
`;
