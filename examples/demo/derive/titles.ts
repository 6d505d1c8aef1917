/** The source writes every product in capitals; a shop does not. */

const WORDS: Record<string, string> = {
  't-light': 'T-light',
  hldr: 'holder',
  'hldr.': 'holder',
  led: 'LED',
  london: 'London',
  christmas: 'Christmas',
  scandinavian: 'Scandinavian',
  victorian: 'Victorian',
  regency: 'Regency',
  suki: 'Suki',
  spaceboy: 'Spaceboy',
  scottie: 'Scottie',
  scotty: 'Scottie',
  bakelike: 'Bakelite-style',
  english: 'English',
  moroccan: 'Moroccan',
  russian: 'Russian',
  french: 'French',
  indian: 'Indian',
  parisienne: 'Parisienne',
  union: 'Union',
  jack: 'Jack',
  rex: 'Rex',
  nancy: 'Nancy',
  i: 'I',
  "i'm": "I'm",
  pc: 'piece',
  pcs: 'pieces',
  asstd: 'assorted',
  assted: 'assorted',
  w: 'with',
  nt: 'night',
  set2: 'set of 2',
  of4: 'of 4',
  '2asst': 'assorted',
  oh: 'oh',
  england: 'England',
  edwardian: 'Edwardian',
  noel: 'Noel',
  easter: 'Easter',
  paris: 'Paris',
  paisley: 'paisley',
  t: 'T',
  saftey: 'safety',
  doiley: 'doily',
  naughts: 'noughts',
  fuschia: 'fuchsia',
  indians: 'Indians',
  scandispot: 'Scandispot',
};

/** 'WHITE HANGING HEART T-LIGHT HOLDER' → 'White hanging heart T-light holder'. */
export function titleOf(description: string): string {
  const words = description
    .toLowerCase()
    .replaceAll('"', '')
    .replace(/\bset ?\/ ?(\d+)/g, 'set of $1')
    .replace(/\bbox ?\/ ?(\d+)/g, 'box of $1')
    .replace(/\bw\//g, 'with ')
    .replace(/\s*,\s*/g, ', ')
    .replace(/\s*\+\s*/g, ' and ')
    .replace(/\.$/g, '')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== ',')
    .map((word) => WORDS[word] ?? word)
    .join(' ')
    .replace(/\s+,/g, ',')
    .replace(/\bdolly girl\b/g, 'Dolly Girl')
    .replace(/\bnew england\b/gi, 'New England')
    .replace(/[.,]$/, '');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
