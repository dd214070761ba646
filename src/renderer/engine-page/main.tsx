import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { pageWords } from './words.ts';
import '../parts/tokens.css';
import './page.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');

const { language, words } = pageWords(navigator.languages);
document.documentElement.lang = language;
document.title = words.title;
createRoot(root).render(<App language={language} words={words} />);
