/** Why a picture cannot be used, whatever it was meant to show. */
export type PictureFault =
  | 'empty'
  | 'not-a-jpeg'
  | 'truncated'
  | 'too-large'
  | 'wrong-size'
  | 'undecodable'
  | 'unreadable'
  | 'timeout'
  | 'no-picture-yet'
  | 'closed';

export class PictureError extends Error {
  readonly fault: PictureFault;

  constructor(fault: PictureFault, message: string) {
    super(message);
    this.name = 'PictureError';
    this.fault = fault;
  }
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
