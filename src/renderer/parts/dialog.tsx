import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { ReactNode } from 'react';
import './dialog.css';

export interface SheetProps {
  readonly title: string;
  readonly text?: string;
  /** An urgent one is read out at once and cannot be put away by a touch beside it. */
  readonly urgent?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog over the whole window; the focus stays in it and goes back afterwards. */
export function Sheet({ title, text, urgent = false, onClose, children }: SheetProps) {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable={!urgent}
      isKeyboardDismissDisabled={urgent}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="sheet">
        <Dialog className="dialog" role={urgent ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2} className="dialog-title">
            {title}
          </Heading>
          {text === undefined ? null : <p className="dialog-text">{text}</p>}
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
