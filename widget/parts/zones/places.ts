/**
 * Places by the zone whose clock they keep: its country, great cities without a zone of their own, new names for old. In English; the
 * platform says countries in the visitor's language, a part of that language the cities (`names.ts`). The place of a zone is called by the end
 * of its name.
 */

/** Cities whose name the platform may know only in its old form; found by both, shown by the new one. */
export const RENAMED: Record<string, string> = {
  Asmera: 'Asmara',
  Calcutta: 'Kolkata',
  'Coral Harbour': 'Atikokan',
  Enderbury: 'Kanton',
  Faeroe: 'Faroe',
  Godthab: 'Nuuk',
  Katmandu: 'Kathmandu',
  Kiev: 'Kyiv',
  Ponape: 'Pohnpei',
  Rangoon: 'Yangon',
  Saigon: 'Ho Chi Minh',
  Truk: 'Chuuk',
};

/**
 * Each country (ISO 3166) before its zones, the chief one first: it is what Enter takes. After tzdata's `zone.tab`, without the
 * Antarctic, disputed land and villages whose clock is a neighbour's. `Buenos_Aires` is one word.
 */
const COUNTRIES = `
AD Andorra AE Dubai AF Kabul AG Antigua AI Anguilla AL Tirane AM Yerevan AO Luanda AR Buenos_Aires Cordoba Mendoza AS
Pago_Pago AT Vienna AU Sydney Melbourne Brisbane Perth Adelaide Lord_Howe Hobart Broken_Hill Darwin AW Aruba AX Mariehamn AZ
Baku BA Sarajevo BB Barbados BD Dhaka BE Brussels BF Ouagadougou BG Sofia BH Bahrain BI Bujumbura BJ Porto-Novo BL
St_Barthelemy BM Bermuda BN Brunei BO La_Paz BQ Kralendijk BR Sao_Paulo Noronha Belem Fortaleza Recife Maceio Bahia
Campo_Grande Cuiaba Santarem Porto_Velho Boa_Vista Manaus Rio_Branco BS Nassau BT Thimphu BW Gaborone BY Minsk BZ Belize CA
Toronto Vancouver Edmonton Winnipeg Halifax St_Johns Moncton Goose_Bay Iqaluit Atikokan Regina Whitehorse CC Cocos CD Kinshasa
Lubumbashi CF Bangui CG Brazzaville CH Zurich CI Abidjan CK Rarotonga CL Santiago Punta_Arenas Easter CM Douala CN Shanghai
Urumqi CO Bogota CR Costa_Rica CU Havana CV Cape_Verde CW Curacao CX Christmas CY Nicosia Famagusta CZ Prague DE Berlin
Busingen DJ Djibouti DK Copenhagen DM Dominica DO Santo_Domingo DZ Algiers EC Guayaquil Galapagos EE Tallinn EG Cairo EH
El_Aaiun ER Asmara ES Madrid Canary Ceuta ET Addis_Ababa FI Helsinki FJ Fiji FK Stanley FM Chuuk Pohnpei Kosrae FO Faroe FR
Paris GA Libreville GB London GD Grenada GE Tbilisi GF Cayenne GG Guernsey GH Accra GI Gibraltar GL Nuuk GM Banjul GN Conakry
GP Guadeloupe GQ Malabo GR Athens GS South_Georgia GT Guatemala GU Guam GW Bissau GY Guyana HK Hong_Kong HN Tegucigalpa HR
Zagreb HT Port-au-Prince HU Budapest ID Jakarta Pontianak Makassar Jayapura IE Dublin IL Jerusalem IM Isle_of_Man IN Kolkata
IO Chagos IQ Baghdad IR Tehran IS Reykjavik IT Rome JE Jersey JM Jamaica JO Amman JP Tokyo KE Nairobi KG Bishkek KH Phnom_Penh
KI Tarawa Kanton Kiritimati KM Comoro KN St_Kitts KP Pyongyang KR Seoul KW Kuwait KY Cayman KZ Almaty LA Vientiane LB Beirut
LC St_Lucia LI Vaduz LK Colombo LR Monrovia LS Maseru LT Vilnius LU Luxembourg LV Riga LY Tripoli MA Casablanca MC Monaco MD
Chisinau ME Podgorica MF Marigot MG Antananarivo MH Majuro Kwajalein MK Skopje ML Bamako MM Yangon MN Ulaanbaatar Hovd MO
Macau MP Saipan MQ Martinique MR Nouakchott MS Montserrat MT Malta MU Mauritius MV Maldives MW Blantyre MX Mexico_City Cancun
Merida Monterrey Chihuahua Ciudad_Juarez Mazatlan Hermosillo Tijuana MY Kuala_Lumpur Kuching MZ Maputo NA Windhoek NC Noumea
NE Niamey NF Norfolk NG Lagos NI Managua NL Amsterdam NO Oslo NP Kathmandu NR Nauru NU Niue NZ Auckland Chatham OM Muscat PA
Panama PE Lima PF Tahiti Marquesas Gambier PG Port_Moresby Bougainville PH Manila PK Karachi PL Warsaw PM Miquelon PN Pitcairn
PR Puerto_Rico PS Gaza Hebron PT Lisbon Madeira Azores PW Palau PY Asuncion QA Qatar RE Reunion RO Bucharest RS Belgrade RU
Moscow Kaliningrad Kirov Volgograd Astrakhan Saratov Ulyanovsk Samara Yekaterinburg Omsk Novosibirsk Barnaul Tomsk
Novokuznetsk Krasnoyarsk Irkutsk Chita Yakutsk Vladivostok Magadan Sakhalin Kamchatka Anadyr RW Kigali SA Riyadh SB
Guadalcanal SC Mahe SD Khartoum SE Stockholm SG Singapore SH St_Helena SI Ljubljana SJ Longyearbyen SK Bratislava SL Freetown
SM San_Marino SN Dakar SO Mogadishu SR Paramaribo SS Juba ST Sao_Tome SV El_Salvador SX Lower_Princes SY Damascus SZ Mbabane
TC Grand_Turk TD Ndjamena TF Kerguelen TG Lome TH Bangkok TJ Dushanbe TK Fakaofo TL Dili TM Ashgabat TN Tunis TO Tongatapu TR
Istanbul TT Port_of_Spain TV Funafuti TW Taipei TZ Dar_es_Salaam UA Kyiv UG Kampala US New_York Chicago Denver Los_Angeles
Phoenix Anchorage Honolulu Detroit Louisville Indianapolis Boise Juneau Sitka Adak UY Montevideo UZ Tashkent Samarkand VA
Vatican VC St_Vincent VE Caracas VG Tortola VI St_Thomas VN Ho_Chi_Minh VU Efate WF Wallis WS Apia YE Aden YT Mayotte ZA
Johannesburg ZM Lusaka ZW Harare
`;

/** What else a country is called, by its code. */
export const ALSO: Record<string, string> = {
  AE: 'UAE, Emirates',
  BO: 'Bolivia',
  CD: 'Congo, DRC',
  CI: 'Ivory Coast',
  CV: 'Cape Verde',
  CZ: 'Czech Republic',
  GB: 'UK, Great Britain, Britain',
  IR: 'Iran',
  KR: 'Korea',
  MM: 'Burma',
  NL: 'Holland',
  NZ: 'NZ',
  SA: 'KSA',
  SZ: 'Swaziland',
  TL: 'East Timor',
  TR: 'Turkey',
  US: 'USA, America',
  VA: 'Vatican',
};

/** Great cities and states without a zone of their own name, by the city of their zone. Each is listed when it is looked for. */
export const ALIASES: Record<string, string> = {
  Aden: 'Sanaa',
  Adelaide: 'South Australia',
  Algiers: 'Oran, Constantine',
  Almaty: 'Astana',
  Amsterdam: 'Rotterdam, The Hague, Utrecht, Eindhoven',
  Anchorage: 'Alaska',
  Athens: 'Thessaloniki',
  Auckland: 'Wellington, Christchurch',
  Baghdad: 'Basra, Mosul, Erbil',
  Bahia: 'Salvador',
  Bahrain: 'Manama',
  Berlin:
    'Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Dusseldorf, Leipzig, Dresden, Nuremberg, Hanover, Bremen, Bavaria',
  Bogota: 'Medellin, Cali',
  Boise: 'Idaho',
  Brisbane: 'Queensland, Gold Coast',
  Brussels: 'Antwerp, Ghent, Bruges, Liege',
  Bucharest: 'Cluj',
  Cairo: 'Alexandria, Giza',
  Canary: 'Tenerife, Las Palmas',
  Casablanca: 'Rabat, Marrakesh, Fez, Tangier',
  Chicago:
    'Central Time, Dallas, Houston, Austin, San Antonio, Minneapolis, New Orleans, Nashville, Memphis, Saint Louis, Kansas City, Milwaukee, Texas, Illinois, Alabama, Arkansas, Iowa, Kansas, Louisiana, Minnesota, Mississippi, Missouri, Nebraska, North Dakota, Oklahoma, South Dakota, Tennessee, Wisconsin',
  Damascus: 'Aleppo',
  Denver: 'Salt Lake City, Albuquerque, Colorado, Utah, New Mexico, Montana, Wyoming',
  Detroit: 'Michigan',
  Dubai: 'Abu Dhabi, Sharjah',
  Dublin: 'Cork, Galway',
  Edmonton: 'Calgary, Alberta',
  Halifax: 'Nova Scotia',
  Helsinki: 'Espoo, Tampere',
  'Ho Chi Minh': 'Hanoi, Ho Chi Minh City',
  Honolulu: 'Hawaii',
  Indianapolis: 'Indiana',
  Istanbul: 'Ankara, Izmir',
  Jakarta: 'Surabaya, Bandung',
  Jerusalem: 'Tel Aviv, Haifa',
  Johannesburg: 'Cape Town, Pretoria, Durban',
  Karachi: 'Lahore, Islamabad',
  Khartoum: 'Omdurman',
  Kolkata: 'Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Ahmedabad',
  Kyiv: 'Lviv, Odesa, Kharkiv',
  Lagos: 'Abuja',
  Lisbon: 'Porto, Braga',
  London:
    'England, Scotland, Wales, Northern Ireland, Edinburgh, Glasgow, Manchester, Birmingham, Liverpool, Leeds, Bristol, Belfast',
  'Los Angeles':
    'LA, California, San Francisco, SF, San Diego, San Jose, Sacramento, Seattle, Las Vegas, Portland, Silicon Valley, Oregon, Nevada, Washington State',
  Louisville: 'Kentucky',
  Madrid: 'Barcelona, Valencia, Seville, Bilbao, Malaga, Zaragoza',
  Makassar: 'Bali',
  Manila: 'Cebu, Quezon City',
  Melbourne: 'Victoria',
  'Mexico City': 'Guadalajara, Puebla',
  Moscow: 'Saint Petersburg',
  Nairobi: 'Mombasa',
  'New York':
    'New York City, NYC, NY, Boston, Washington, Washington DC, Miami, Atlanta, Philadelphia, Orlando, Tampa, Charlotte, Pittsburgh, Cleveland, Baltimore, Connecticut, Delaware, Florida, Georgia, Maine, Maryland, Massachusetts, New Hampshire, New Jersey, North Carolina, Ohio, Pennsylvania, Rhode Island, South Carolina, Vermont, Virginia, West Virginia',
  Nicosia: 'Limassol',
  Oslo: 'Bergen',
  Paris: 'Lyon, Marseille, Bordeaux, Toulouse, Nice, Lille, Nantes, Strasbourg',
  Perth: 'Western Australia',
  Phoenix: 'Arizona, Tucson',
  Prague: 'Brno',
  Qatar: 'Doha',
  Riyadh: 'Jeddah, Mecca, Medina, Dammam',
  Rome: 'Milan, Naples, Turin, Venice, Florence, Bologna, Genoa, Palermo, Sicily',
  'Sao Paulo': 'Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba, Porto Alegre, Florianopolis',
  Seoul: 'Busan',
  Shanghai: 'Beijing, Shenzhen, Guangzhou',
  'St Johns': 'Newfoundland',
  Stockholm: 'Gothenburg, Malmo',
  Sydney: 'Canberra, New South Wales',
  Tirane: 'Tirana',
  Tokyo: 'Osaka, Kyoto',
  Toronto: 'Montreal, Ottawa, Ontario, Quebec',
  Tripoli: 'Benghazi',
  Vancouver: 'British Columbia, Victoria BC',
  Vienna: 'Salzburg, Graz, Linz, Innsbruck',
  Warsaw: 'Krakow, Wroclaw, Gdansk, Poznan',
  Winnipeg: 'Manitoba',
  Zurich: 'Geneva, Basel, Bern, Lausanne, Lucerne, Lugano',
};

export interface Country {
  /** `AT` */
  code: string;
  /** 0 for the chief zone of the country, then 1 and so on. */
  order: number;
}

/** Countries by the end of their zone's name, under its new name. */
export function readCountries(): Map<string, Country> {
  const countries = new Map<string, Country>();
  let code = '';
  let order = 0;
  for (const word of COUNTRIES.trim().split(/\s+/)) {
    if (/^[A-Z]{2}$/.test(word)) [code, order] = [word, 0];
    else countries.set(word.replaceAll('_', ' '), { code, order: order++ });
  }
  return countries;
}
