/** Code lists by the number of their data element. An element whose list is not here is only looked at for its form. */
const LISTS: Readonly<Record<string, string>> = {
  // Transaction set purpose.
  '353':
    '00 01 02 03 04 05 06 07 08 10 11 12 13 14 15 16 17 18 19 20 21 22 24 25 26 27 28 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 77 CN CO EX GR PR RH RV SU ZZ',
  // Purchase order type.
  '92': '26 A1 AB AC AE BD BE BK BL BQ BY CA CF CI CN CO CP CR DD DR DS EO FC FD FH FQ FR HL IN IR JL JP KA KB KC KD KE KG KI KN KO KP KQ KR KS KT KV LB LS LX MA NE NM NO NP NS OF OR OS PD PJ PR RA RC RD RE RK RL RM RN RO RR RS RT RW SA SD SO SP SS ST SU SW TC TM TR UD UE WA WG WH WI WO ZZ',
  // Acknowledgement type.
  '587': 'AC AD AE AH AK AP AT MI NA RD RF RJ RO RV ZZ',
  // Line item status.
  '668': 'AA AC AR BP DR IA IB IC ID IE IF IH IP IQ IR IS IW R1 R2 R3 R4 R5 R6 SP',
  // Date qualifiers that a purchase order or an answer to one uses.
  '374':
    '001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017 018 019 020 021 022 035 036 037 038 039 043 044 045 046 047 048 049 050 051 052 053 054 055 056 057 058 059 060 061 062 063 064 065 066 067 068 069 070 071 072 073 074 075 076 077 078 079 080 081 082 083 084 085 086 087 088 089 090 091 092 093 094 095 096 097 098 099 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120 121 122 123 124 125 126 127 128 129 130 131 132 133 134 135 136 137 138 139 140 141 142 143 144 145 146 147 148 149 150 151 152 153 156 157 158 159 160 161 162 163 166 167 168 169 170 171 172 196 197 198 200 201 202 203 204 205 206 207 219 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 259 260 291 328 329 348 349 370 371 382 383 384 385 405 435 472 486 ABA AFT BFR COR DOA EDD EFF RFD ZZZ',
  // How an item's number is to be read.
  '235':
    'A1 A2 A3 A5 A6 AB AC AK AL AT BE BL BO BP CA CB CG CH CL CM CN CP CR CT CU DR DV EA EC EM EN EO EX FB FC FS FT GC GE GS GU HC HD IB IC IN IS IT IZ JP JS LC LD LG LN LT MC MD MF MG MH MI MM MN MO MP MS MU NB ND NF NH NN NR NX ON OP OT PA PC PD PE PF PG PH PI PK PL PM PN PO PP PQ PR PS PT PU PW RB RC RG RM RN RP RR RY SB SC SE SF SH SI SK SL SM SN SR SS ST SV SW SY SZ TP TR TS TT TU TX TY UA UB UC UD UE UF UI UJ UK UL UM UN UP UR US UX VA VB VC VE VI VM VN VO VP VS VU VX WA WC WD WE WI WL WR XA XC ZR ZZ',
  // Change or response type of an 860 or 865.
  '670': 'AI CA CB CC CE CF CG CH CT DI MU NC OA OC PC PQ PR QD QI RA RB RC RE RM RQ RS RZ TI ZZ',
  // Hierarchical level.
  '735': 'S O P I T D E F G H',
  // Functional group.
  '479':
    'AA AB AC AD AE AF AG AH AI AK AL AM AN AO AP AR AS AT AU BC BE BF BL BS CA CB CC CD CE CF CG CH CI CJ CK CL CM CN CO CP CQ CR CS CT CV D3 D4 D5 DA DB DD DF DI DM DS DX EC ED EI EN EP ER ES EV EX FA FB FC FG FH FR FT GB GC GE GF GL GP GR GT HB HC HI HN HP HR HS IA IB IC ID IE IF IG IH II IJ IM IN IO IP IR IS JB KM LA LB LI LN LR LS LT MA MC MD ME MF MG MH MI MJ MK MM MN MO MP MQ MR MS MT MV MW MX MY MZ NC NL NP NR NT OC OG OR OW PA PB PC PD PE PF PG PH PI PJ PK PL PN PO PP PQ PR PS PT PU PV PY QG QM QO RA RB RC RD RE RF RH RI RJ RK RL RM RN RO RP RQ RR RS RT RU RV RW RX RY RZ SA SB SC SD SE SH SI SJ SL SM SN SO SP SQ SR SS ST SU SV SW TA TB TD TF TI TM TN TO TP TR TS TT TX UA UB UC UD UI UP UW VA VB VC VD VE VH VI VS WA WB WG WI WL WR WT',
  // 997's own.
  '715': 'A E M P R W X',
  '716': '1 2 3 4 5 6 10 11 12 13 14 15 16 17 18 19 23 24 25 26',
  '717': 'A E M R W X',
  '718': '1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 23 24 25 26 27',
  '720': '1 2 3 4 5 6 7 8',
  '723': '1 2 3 4 5 6 7 8 9 10 12 13',
  // Item description type.
  '349': 'F S X',
};

const CODES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LISTS).map(([element, codes]) => [element, new Set(codes.split(' '))]),
);

/** Whether a code is in its element's list; true where there is no list. Partners may agree on codes of their own. */
export function isCode(element: string, value: string, agreed: readonly string[] = []): boolean {
  const list = CODES.get(element);
  return list === undefined || list.has(value) || agreed.includes(value);
}

/** The codes that 855 and 865 tell a line's lot by. */
export const LINE_STATUS = {
  accepted: 'IA',
  /** Accepted, and gone already. */
  shipped: 'AC',
  backordered: 'IB',
  /** Part now, the balance backordered. */
  partial: 'BP',
  quantityChanged: 'IQ',
  rescheduled: 'DR',
  rejected: 'IR',
  priceChanged: 'IP',
  deleted: 'ID',
  onHold: 'IH',
} as const;
