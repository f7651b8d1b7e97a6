package dev.graft.text.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * The words of word vectors, one a line, its number is its id; an unknown word and padding follow
 * behind them. Texts are put in lower case and split as GloVe's were: at white space, before {@code
 * 's}, {@code n't} and their like, and around punctuation.
 */
final class WordList {

  /** An ending, an abbreviation, what stands before n't, a word or number, a sign. */
  private static final String WORD =
      "'(?:s|t|re|ve|m|ll|d)\\b|n't\\b|(?:\\p{L}\\.){2,}|[\\p{L}\\p{N}]+?(?=n't\\b)"
          + "|[\\p{L}\\p{N}]+(?:[-.,][\\p{L}\\p{N}]+)*|\\.{3}|--|[^\\s\\p{L}\\p{N}]";

  private WordList() {}

  /**
   * The {@code tokenizer.json} of a vocabulary.
   *
   * @throws IOException if it is empty or has a word twice
   */
  static String json(String vocabulary) throws IOException {
    TokenizerJson json = new TokenizerJson();
    ObjectNode model = TokenizerJson.typed("WordLevel").put("unk_token", "[UNK]");
    ObjectNode words = model.putObject("vocab");
    for (String word : vocabulary.lines().toList()) {
      if (words.has(word)) {
        throw new IOException(
            "the vocabulary has '%s' in the lines %d and %d; every line must be another word"
                .formatted(word, words.get(word).asInt() + 1, words.size() + 1));
      }
      words.put(word, words.size());
    }
    if (words.isEmpty()) {
      throw new IOException("the vocabulary is empty; it must have one word a line");
    }
    for (String added : new String[] {"[UNK]", "[PAD]"}) {
      json.special(added, words.size());
      words.put(added, words.size());
    }
    ObjectNode split = TokenizerJson.typed("Split").put("behavior", "Removed").put("invert", true);
    split.putObject("pattern").put("Regex", WORD);
    return json.part("normalizer", TokenizerJson.typed("Lowercase"))
        .part("pre_tokenizer", split)
        .part("model", model)
        .write();
  }
}
