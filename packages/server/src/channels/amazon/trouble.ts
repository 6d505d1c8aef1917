/** Amazon said no, in words that a person can act on. Asking again would not help. */
export class AmazonRefusal extends Error {
  override readonly name = 'AmazonRefusal';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
