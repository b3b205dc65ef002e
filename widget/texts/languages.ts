/** The languages whose words come as parts, `parts/texts-<language>.ts`; English is inside. */
export const LANGUAGES = ['ar', 'de', 'es', 'fr', 'it', 'nl', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];

export function hasWords(language: string): language is Language {
  return LANGUAGES.includes(language as Language);
}
