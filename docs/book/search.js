// Search by parts of words: the search of mdBook cuts words at spaces, and Chinese has none.
(() => {
    const main = document.querySelector('#mdbook-content main') ?? document.querySelector('main');
    const sections = window.fanjianSections;
    if (!main || !sections) return;
    const label = { 'zh-TW': '搜尋本書', 'zh-CN': '搜索本书' }[document.documentElement.lang] ?? 'Search this book';
    const input = Object.assign(document.createElement('input'), { id: 'fanjian-search', type: 'search', placeholder: label });
    input.setAttribute('aria-label', label);
    const results = Object.assign(document.createElement('ul'), { id: 'fanjian-results' });
    results.setAttribute('aria-live', 'polite');
    main.prepend(input, results);

    const root = window.path_to_root ?? '';
    const marked = (text, words) => {
        const lower = text.toLowerCase();
        const places = words.map(word => lower.indexOf(word)).filter(place => place >= 0);
        const from = Math.max(0, Math.min(...places, Infinity) - 30);
        const piece = text.slice(from === Infinity ? 0 : from).slice(0, 160);
        const line = document.createElement('p');
        const low = piece.toLowerCase();
        for (let at = 0; at < piece.length;) {
            const word = words.find(word => low.startsWith(word, at));
            const end = at + (word ? word.length : 1);
            const node = document.createElement(word ? 'mark' : 'span');
            node.textContent = piece.slice(at, end);
            line.append(node);
            at = end;
        }
        return line;
    };
    const rank = ({ title, text }, words) => {
        const [head, body] = [title.toLowerCase(), text.toLowerCase()];
        if (!words.every(word => head.includes(word) || body.includes(word))) return 0;
        return 1 + words.filter(word => head.includes(word)).length;
    };
    const search = () => {
        const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
        const found = words.length ? sections.map(section => [rank(section, words), section]).filter(([value]) => value) : [];
        found.sort(([one], [other]) => other - one);
        results.replaceChildren(...found.slice(0, 30).map(([, section]) => {
            const entry = document.createElement('li');
            const link = Object.assign(document.createElement('a'), { href: root + section.page, textContent: section.title });
            entry.append(link, marked(section.text, words));
            return entry;
        }));
    };
    input.addEventListener('input', search);
    input.value = new URLSearchParams(location.search).get('search') ?? '';
    search();
})();
