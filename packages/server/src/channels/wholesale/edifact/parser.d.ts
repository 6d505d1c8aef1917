/** edifact 1.2 ships no types; these are of what is used here. */
declare module 'edifact/parser.js' {
  export default class Parser {
    onopensegment: (name: string) => void;
    onelement: () => void;
    oncomponent: (value: string) => void;
    onclosesegment: () => void;
    configure(delimiters: {
      segmentTerminator: number;
      dataElementSeparator: number;
      componentDataSeparator: number;
      decimalMark: number;
      releaseCharacter: number;
    }): void;
    encoding(level: 'UNOA' | 'UNOB' | 'UNOC' | 'UNOY' | 'UCS2'): void;
    write(text: string): void;
    end(): void;
  }
}
