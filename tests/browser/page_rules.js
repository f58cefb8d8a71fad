/* What must hold on every page. A function of (language, isForGroups); gives a list of faults in words. */
(language, isForGroups) => {
    const faults = [];
    const root = document.documentElement;
    const all = selector => [...document.querySelectorAll(selector)];
    const short = element => element.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
    const seen = element => element.checkVisibility({visibilityProperty: true}) && !element.closest('.hidden, .skip');
    const rightToLeft = code => /^(ar|fa|ur|ps|ckb|he)\b/.test(code);
    const directionOf = text => {
        const strong = text.match(/\p{L}/u);
        return strong && /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(strong[0]) ? 'rtl' : 'ltr';
    };

    // One heading, and the title is made of it.
    const heads = all('h1');
    if (heads.length !== 1) faults.push(`${heads.length} h1`);
    const hasFrame = Boolean(document.querySelector('.name'));  // a page after leaving has none
    const service = hasFrame ? document.querySelector('.name').innerText.trim() : document.title.split(' – ').pop();
    const clean = text => text.replace(/[\u2066-\u2069]/g, '').replace(/\s+/g, ' ').trim();
    const head = clean([...heads[0]?.childNodes ?? []].filter(part => !part.classList?.contains('tag')).map(part => part.textContent).join('')), title = clean(document.title);
    const named = title.slice(0, title.length - ` – ${service}`.length);
    if (!title.endsWith(` – ${service}`)) faults.push(`title without the service: ${title}`);
    const isRefused = Boolean(document.querySelector('.summary'));
    const isNeutral = /\/(questions|check|phone|fund-questions|recordings|answers|check-ins|meeting-items)\//.test(location.pathname);  // words of a call stay out of the title
    const isMade = isNeutral ? named.length > 0 : isRefused ? named !== head && named.includes(head) : isForGroups ? named === head : head.startsWith(named);
    if (!isMade) faults.push(`title "${named}" is not the heading "${head}"`);

    // Language and direction, also of every fragment.
    if (root.lang !== language) faults.push(`language ${root.lang}`);
    if (root.dir !== (rightToLeft(language) ? 'rtl' : 'ltr')) faults.push(`direction ${root.dir}`);
    for (const part of all('body [lang]')) {
        const text = part.innerText ?? '';
        if (!part.dir) faults.push(`language without direction: ${short(part)}`);
        else if (part.dir !== 'auto' && /\p{L}/u.test(text) && part.dir !== directionOf(text)) faults.push(`wrong direction: ${short(part)}`);
    }

    // The keyboard's first two stops, and the order of the page.
    const stops = all('a[href], button, input:not([type=hidden]), select, textarea, summary');
    if (stops[0]?.getAttribute('href') !== '#main') faults.push('the first stop does not skip to the main part');
    if (isForGroups && hasFrame && !('exit' in (stops[1]?.dataset ?? {}))) faults.push('the second stop does not leave');
    if (all('[tabindex]').some(element => element.tabIndex > 0)) faults.push('an order of its own');
    if (all('[draggable=true]').length) faults.push('something to drag');

    // Targets: 24 px, 44 px for what is pressed or typed into; links inside sentences are text.
    const isInSentence = element => element.matches('a') && getComputedStyle(element).display === 'inline'
        && element.parentElement.innerText.trim().length > element.innerText.trim().length;
    for (const element of stops.filter(seen)) {
        const box = (element.closest('.choice') ?? element).getBoundingClientRect();
        const least = element.matches('a:not(.button)') ? 24 : 44;
        if (box.width && !isInSentence(element) && (box.width < 24 || Math.round(box.height * 10) / 10 < least))
            faults.push(`target ${Math.round(box.width)} × ${Math.round(box.height)}: ${short(element)}`);
    }

    // Fields about a person and for signing in can be filled in by the browser.
    // Answers, and what is asked about somebody else, are not remembered on a device that others use.
    const purposes = [[/^email$|_email$/, /^(email|username)$/], [/phone/, /^tel$/], [/^code$/, /^one-time-code$/],
        [/passphrase/, /^(current|new)-password$/], [/^your_name$|person/, /^name$/]];
    for (const field of all('input:not([type=hidden], [type=radio], [type=checkbox])')) {
        if (field.onpaste) faults.push(`cannot be pasted into: ${short(field)}`);
        const isOwn = !/\/(people|help|host|partners|new-person|candidates)$/.test(location.pathname);
        for (const [name, purpose] of purposes)
            if (isOwn && name.test(field.name) && !purpose.test(field.autocomplete)) faults.push(`no autocomplete: ${short(field)}`);
    }

    // Errors: said at the top, linked to what can take the focus, marked and described beside the field.
    for (const link of all('.summary a')) {
        const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        if (!target?.matches('input, textarea, select, button, a[href], [tabindex]')) faults.push(`error leads nowhere: ${short(link)}`);
    }
    const targets = all('.summary a').map(link => document.getElementById(decodeURIComponent(link.hash.slice(1)))).filter(Boolean);
    if (targets.some((target, i) => i && targets[i - 1].compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING))
        faults.push('errors in another order than their fields');
    for (const field of all('[aria-invalid=true]')) {
        const group = field.closest('fieldset');
        const ids = `${field.getAttribute('aria-describedby') ?? ''} ${group?.getAttribute('aria-describedby') ?? ''}`;
        if (!ids.includes('-error')) faults.push(`error not described: ${short(field)}`);
    }
    for (const status of all('[data-autosave-status], [data-count-for], .notice:has(> .saved)'))
        if (status.getAttribute('role') !== 'status') faults.push(`not announced: ${short(status)}`);

    // A list without a line draws an empty frame, and a screen reader announces nothing of it.
    for (const list of all('main :is(ul, ol, dl)').filter(seen))
        if (!list.children.length) faults.push(`an empty list: ${short(list)}`);

    // Nothing is cut off or needs to be moved sideways: as it is, with wide spacing, with letters twice as large.
    const look = where => {
        const wider = root.scrollWidth - root.clientWidth;
        const isTable = !isForGroups && where && document.querySelector('main table');  // a table may need two directions
        if (wider > 0 && !isTable) {
            const widest = all('body *').filter(seen).filter(e => { const b = e.getBoundingClientRect(); return b.right > root.clientWidth + 1 || b.left < -1; }).pop();
            faults.push(`${wider} px wider than the screen ${where}: ${widest ? short(widest) : ''}`);
        }
        for (const element of all('body *').filter(seen)) {
            const style = getComputedStyle(element);
            const cuts = /hidden|clip/.test(style.overflowX + style.overflowY) || style.textOverflow === 'ellipsis';
            if (cuts && element.innerText?.trim() && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
                faults.push(`cut off ${where}: ${short(element)}`);
        }
    };
    look('');
    const spacing = new CSSStyleSheet();
    spacing.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets = [spacing];
    look('with wide spacing');
    document.adoptedStyleSheets = [];
    root.style.fontSize = '200%';
    look('with letters twice as large');
    root.style.fontSize = '';
    return faults;
}
