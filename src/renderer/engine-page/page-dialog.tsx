import type { ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';

/** A sheet over the page; a press beside it or Escape closes it. */
export function PageDialog({
  className,
  label,
  onClose,
  children,
}: {
  readonly className?: string;
  /** Where no heading inside names it. */
  readonly label?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="veil"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="sheet">
        <Dialog
          {...(className !== undefined && { className })}
          {...(label !== undefined && { 'aria-label': label })}
        >
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
