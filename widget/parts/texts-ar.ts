/**
 * The words in Arabic. What is written from left to right inside a sentence stands between U+2066 and U+2069, a name between U+2068
 * and U+2069, so that it does not turn the words around it. A part: nothing but texts, see `texts/en.ts` for what each is.
 */
import type { Texts } from '../texts/en.ts';
import { tongueOf } from '../texts/tongue.ts';

export const texts: Texts = {
  // the form
  contactHeading: 'كيف يمكننا التواصل معك؟',
  questionsHeading: 'بعض الأسئلة',
  confirmHeading: 'يرجى تأكيد بياناتك مرة أخرى.',
  name: 'الاسم',
  first_name: 'الاسم الأول',
  last_name: 'اسم العائلة',
  email: 'البريد الإلكتروني',
  phone: 'الهاتف',
  optional: 'اختياري',
  choose: 'اختر…',
  change: 'تغيير',
  next: 'متابعة',
  toTimes: 'عرض الأوقات المتاحة',
  book: 'حجز هذا الوقت',
  bookNow: 'الحجز في {time}',
  back: 'رجوع',
  // faults at a field
  required: 'يرجى ملء هذا الحقل.',
  invalid: 'يرجى التحقق من هذا الحقل.',
  invalid_email: 'يرجى كتابة العنوان كاملًا، مثل \u2066name@example.com\u2069.',
  invalid_phone: 'يرجى كتابة الرقم مع رمز البلد، مثل \u2066+966 51 234 5678\u2069.',
  too_long: 'يرجى اختصار هذا النص قليلًا.',
  not_an_option: 'يرجى اختيار إجابة واحدة.',
  refused: 'لم تُقبل هذه الإجابة. يرجى التحقق منها أو كتابة غيرها.',
  refused_email: 'لم يُقبل هذا العنوان. يرجى التحقق منه أو كتابة عنوان آخر.',
  // the times
  timesHeading: 'اختر وقتًا',
  previousMonth: 'الشهر السابق',
  nextMonth: 'الشهر التالي',
  today: 'اليوم',
  dayFull: '{day}، لا أوقات متاحة',
  dayFree:
    '{day}، {count|zero=لا أوقات متاحة|one=وقت واحد متاح|two=وقتان متاحان|few=# أوقات متاحة|many=# وقتًا متاحًا|other=# وقت متاح}',
  morning: 'صباحًا',
  afternoon: 'بعد الظهر',
  evening: 'مساءً',
  timeZone: 'المنطقة الزمنية',
  zoneNow: '{zone}، الساعة الآن {time}',
  looking: 'جارٍ البحث عن أوقات متاحة…',
  monthEmpty: 'لا أوقات متاحة في {month}.',
  nextFree: 'أقرب يوم متاح: {day}',
  full: 'جميع المواعيد محجوزة حاليًا.',
  fullMore: 'سنكتب إليك أولًا.',
  stale: 'مضت بضع دقائق على هذه الأوقات.',
  taken: 'حُجز الوقت {time} للتو.',
  gone: 'الوقت {time} غير متاح لدى من يمكنهم مساعدتك.',
  answersSafe: 'إجاباتك محفوظة.',
  nearest: 'أقرب الأوقات:',
  // waiting
  loading: 'جارٍ التحميل…',
  booking: 'جارٍ الحجز…',
  throttled: 'لحظة من فضلك… {seconds}',
  busy: 'الطلب كثير الآن. بقي نحو {seconds|zero=لحظة|one=ثانية واحدة|two=ثانيتين|few=# ثوانٍ|many=# ثانية|other=# ثانية}، ومكانك محفوظ.',
  offline: 'لا يوجد اتصال بالإنترنت. لن تفقد شيئًا.',
  confirming: 'نعمل على تأكيد موعدك.',
  confirmingMore: 'يستغرق ذلك عادةً أقل من دقيقة. يمكنك إبقاء هذه الصفحة مفتوحة.',
  unclear: 'وصلنا طلبك: {time}.',
  unclearMore: 'إذا لم يصلك منا شيء خلال 15 دقيقة، فيرجى مراسلتنا. لا حاجة إلى الحجز مرة أخرى.',
  // the ends
  booked: 'تم حجز موعدك.',
  bookedName: 'تم حجز موعدك، \u2068{name}\u2069.',
  otherTime: 'موعد مكالمتك {time}، وليس {asked}.',
  goOn: 'متابعة',
  disqualified: 'شكرًا على إجاباتك.',
  disqualifiedMore: 'المكالمة ليست الخطوة المناسبة في الوقت الحالي.',
  correct: 'تعديل إجاباتي',
  otherEvent: 'عرض مكالمة أخرى',
  safe: 'بياناتك محفوظة.',
  safeMore: 'سنتواصل معك لتحديد الموعد.',
  safeBooking: 'ما زلنا نحاول حجز هذا الموعد لك: {time}. وسنكتب إليك.',
  alreadyBooked: 'لديك موعد بالفعل.',
  stopped: 'هذا التقويم غير متاح حاليًا.',
  stoppedMore: 'لا يزال بإمكانك الحجز هنا:',
  failed: 'لم ينجح ذلك الآن.',
  failedMore: 'لم تفقد شيئًا. يرجى المحاولة مرة أخرى بعد قليل.',
  retry: 'إعادة المحاولة',
  link: 'فتح صفحة الحجز',
  // facts and progress
  minutes: '{count|zero=# دقيقة|one=دقيقة واحدة|two=دقيقتان|few=# دقائق|many=# دقيقة|other=# دقيقة}',
  progress: 'الخطوة {step} من {steps}',
};

export const speak = tongueOf('ar', texts);
