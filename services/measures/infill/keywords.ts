/**
 * The reserved words of languages. `true` and `false` are none, as in CrossCodeEval, so that figures can be compared:
 * they are values that a model has to choose.
 */

const python =
  "None and as assert async await break class continue def del elif else except finally for from global if import in is " +
  "lambda nonlocal not or pass raise return try while with yield"
const javascript =
  "break case catch class const continue debugger default delete do else enum export extends finally for function if " +
  "implements import in instanceof interface let new package private protected public return static super switch this " +
  "throw try typeof var void while with yield"
const java =
  "abstract assert boolean break byte case catch char class const continue default do double else enum extends final " +
  "finally float for goto if implements import instanceof int interface long native new package private protected public " +
  "return short static strictfp super switch synchronized this throw throws transient try var void volatile while"
const cSharp =
  "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else " +
  "enum event explicit extern finally fixed float for foreach goto if implicit in int interface internal is lock long " +
  "namespace new null object operator out override params private protected public readonly ref return sbyte sealed " +
  "short sizeof stackalloc static string struct switch this throw try typeof uint ulong unchecked unsafe ushort using " +
  "virtual void volatile while"
const c =
  "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
  "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while"
const cpp =
  `${c} alignas alignof bool catch class concept consteval constexpr const_cast decltype delete dynamic_cast explicit ` +
  "export friend mutable namespace new noexcept nullptr operator private protected public reinterpret_cast requires " +
  "static_assert static_cast template this thread_local throw try typeid typename using virtual"
const go =
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range " +
  "return select struct switch type var"
const rust =
  "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod move mut pub ref " +
  "return self Self static struct super trait type unsafe use where while"
const php =
  "abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty " +
  "enddeclare endfor endforeach endif endswitch endwhile enum extends final finally fn for foreach function global goto if " +
  "implements include include_once instanceof insteadof interface isset list match namespace new or print private " +
  "protected public readonly require require_once return static switch throw trait try unset use var while xor yield"
const ruby =
  "BEGIN END alias and begin break case class def defined do else elsif end ensure for if in module next nil not or redo " +
  "rescue retry return self super then undef unless until when while yield"
const bash = "case do done elif else esac fi for function if in select then time until while"

const keywordsByLanguage: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    python,
    javascript,
    typescript: javascript,
    tsx: javascript,
    java,
    "c-sharp": cSharp,
    c,
    cpp,
    go,
    rust,
    php,
    ruby,
    bash
  }).map(([name, words]) => [name, new Set(words.split(" "))])
)

const noKeywords: ReadonlySet<string> = new Set()

/** Returns the reserved words of a language by our name of it; none for a language whose words are not known here. */
export const keywordsOf = (language: string): ReadonlySet<string> => keywordsByLanguage.get(language) ?? noKeywords
