import { createRoot } from 'react-dom/client';
import { connectBridge, onPort } from './bridge.ts';
import { feedStores } from './feed.ts';
import { Window } from './frame/window.tsx';
import { connectLogs } from './log/log-port.ts';
import { connectLogStore } from './log/log-store.ts';
import { receiveTail } from './now/tail-port.ts';
import './ui/tokens.css';
import './ui/base.css';

const bridge = connectBridge();
onPort({ tail: receiveTail, logs: (port) => connectLogStore(connectLogs(port)) });
feedStores(bridge);

const root = document.getElementById('root');
if (root) createRoot(root).render(<Window bridge={bridge} />);
