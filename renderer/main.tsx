import { createRoot } from 'react-dom/client';
import { connectBridge, onTailPort } from './bridge.ts';
import { Now } from './now/now.tsx';
import { useDesktop, useSnapshot } from './now/snapshot-store.ts';
import { receiveTail } from './now/tail-port.ts';
import './ui/tokens.css';

const bridge = connectBridge();
bridge.on('snapshot', (snapshot) => useSnapshot.getState().take(snapshot));
void bridge.request('snapshot', null, 5_000).then((snapshot) => useSnapshot.getState().take(snapshot));
void bridge.request('desktop', null, 5_000).then((desktop) => useDesktop.setState(desktop));
onTailPort(receiveTail);
bridge.command('tail', null);

const root = document.getElementById('root');
if (root) createRoot(root).render(<Now bridge={bridge} />);
