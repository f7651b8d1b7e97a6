package dev.graft.text.preprocessing;

import static dev.graft.task.sequence.CausalLanguageModelling.LEARNED;
import static dev.graft.task.sequence.MaskedLanguageModelling.MASKING;
import static dev.graft.task.sequence.QuestionAnswering.BEGINS;
import static dev.graft.task.sequence.QuestionAnswering.CONTEXT;
import static dev.graft.task.sequence.QuestionAnswering.ENDS;
import static dev.graft.task.sequence.QuestionAnswering.RANDOM_PART;
import static dev.graft.task.sequence.SequenceToSequence.LABELS;
import static dev.graft.task.sequence.TokenClassification.WORD_STARTS;

import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TensorInput;
import dev.graft.data.TrainTransform;
import dev.graft.task.sequence.QuestionAnswering;
import dev.graft.task.sequence.TokenClassification;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.token.TextTokenizer;
import dev.graft.text.token.TokenizerFiles;
import dev.graft.text.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * How texts become the inputs of one set of weights: {@code input_ids}, {@code attention_mask} and
 * {@code token_type_ids}, each (N, L) INT64, padded to the longest text of the batch. A text that
 * is too long is truncated, of a pair the longer one first.
 *
 * <p>Beside them stands {@code word_starts}, (N, W) INT64: the position of the first token of each
 * word of the (first) text, for tasks that tag words. Of pairs there are also the second text and
 * where each token stands in it, as {@link QuestionAnswering} reads them, and of texts with a
 * target {@code labels}, its tokens; where words are hidden, they say which.
 */
public final class TextPreprocessing implements Preprocessing {

  /** Id of the augmentation that hides words. */
  public static final String WORD_DROPOUT = "word-dropout";

  /** Share of the tokens that {@link #WORD_DROPOUT} replaces. */
  private static final double DROPPED = 0.1;

  /** Shorter texts are not told apart: a batch costs something, too. */
  private static final int SHORT = 16;

  /** Stands where a label counts nothing. */
  static final long NO_LABEL = -100;

  private final String json;
  private final Optional<String> targetJson;
  private final TextRules rules;
  private final TextTokenizer tokenizer;

  /** Of what is to be made of texts; mostly the same. */
  private final TextTokenizer targets;

  private final Optional<Masking> masking;

  /**
   * A preprocessing.
   *
   * @param json content of a {@code tokenizer.json}
   * @param targetJson the same for targets, where they have one of their own
   */
  TextPreprocessing(String json, Optional<String> targetJson, TextRules rules) {
    this.json = json;
    this.targetJson = targetJson;
    this.rules = rules;
    this.tokenizer = TextTokenizer.of(json, rules.maxLength());
    this.targets =
        targetJson.map(own -> TextTokenizer.of(own, rules.maxLength())).orElse(tokenizer);
    this.masking = Masking.of(tokenizer);
  }

  /** The tokenizer. */
  public TextTokenizer tokenizer() {
    return tokenizer;
  }

  /** Most tokens of a text. */
  public int maxLength() {
    return rules.maxLength();
  }

  /** Ids that end what the network writes, as far as its folder named any. */
  public Set<Long> ends() {
    return rules.ends();
  }

  @Override
  public void close() {
    tokenizer.close();
    targets.close();
  }

  @Override
  public String modality() {
    return TextModality.ID;
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = rules.settings();
    settings.put("tokenizer_sha256", digest(json));
    targetJson.ifPresent(own -> settings.put("target_tokenizer_sha256", digest(own)));
    return settings;
  }

  private static String digest(String content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(TokenizerFiles.NAME, json.getBytes(StandardCharsets.UTF_8));
    targetJson.ifPresent(
        own -> files.put(TokenizerFiles.TARGET_NAME, own.getBytes(StandardCharsets.UTF_8)));
    return files;
  }

  @Override
  public boolean uniform() {
    return false;
  }

  @Override
  public EvalTransform evalTransform() {
    return raw -> Texts.isMasked(raw) ? masked(raw, always(raw)) : encoded(raw);
  }

  /** Evaluation hides the same words of an example each time. */
  private static RandomGenerator always(Example raw) {
    return new SplittableRandom(raw.id().hashCode());
  }

  /** See {@link TokenTensors}. */
  @Override
  public List<TensorInput> tensorInputs() {
    return TokenTensors.inputs();
  }

  @Override
  public Example ofTensors(String id, Map<String, HostTensor> row) {
    return TokenTensors.example(id, row, rules, tokenizer.vocabularySize());
  }

  private Example encoded(Example raw) {
    if (TokenTensors.areIn(raw)) {
      return raw.with(WORD_STARTS, HostTensor.of(new long[0], 0)); // nobody knows the words
    }
    return encoded(raw, tokenizer.encode(Texts.text(raw), Texts.pair(raw)));
  }

  /** Of a pair whose second text is too long, each part holds a piece of it. */
  @Override
  public List<Example> parts(Example raw) {
    if (TokenTensors.areIn(raw) || Texts.isMasked(raw) || Texts.pair(raw).isEmpty()) {
      return List.of(evalTransform().apply(raw));
    }
    return tokenizer.encodeInParts(Texts.text(raw), Texts.pair(raw).get()).stream()
        .map(tokens -> encoded(raw, tokens))
        .toList();
  }

  private Example encoded(Example raw, Tokens tokens) {
    long[] ones = new long[tokens.size()];
    Arrays.fill(ones, 1);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put(TokenTensors.IDS, HostTensor.of(tokens.ids(), tokens.size()));
    values.put(TokenTensors.MASK, HostTensor.of(ones, tokens.size()));
    values.put(TokenTensors.TYPES, TokenTensors.segments(tokens, rules));
    long[] starts = Places.wordStarts(Texts.spans(Texts.text(raw)), tokens);
    values.put(WORD_STARTS, HostTensor.of(starts, starts.length));
    Texts.target(raw).ifPresent(target -> values.put(LABELS, labels(target)));
    Texts.answers(raw).ifPresent(answers -> values.put(LEARNED, Places.learned(answers, tokens)));
    Texts.pair(raw).ifPresent(context -> values.putAll(Places.contextOf(context, tokens)));
    return new Example(raw.id(), values);
  }

  private HostTensor labels(String target) {
    long[] ids = targets.encode(target, Optional.empty()).ids();
    return HostTensor.of(ids, ids.length);
  }

  @Override
  public TrainTransform trainTransform(String augmentation) {
    if (!augmentations().contains(augmentation)) {
      throw new IllegalArgumentException(
          "no augmentation '%s' for texts; there are %s".formatted(augmentation, augmentations()));
    }
    return switch (augmentation) {
      case MASKING -> this::masked;
      case RANDOM_PART -> this::randomPart;
      default -> this::withoutSomeWords;
    };
  }

  private Example randomPart(Example raw, RandomGenerator random) {
    List<Example> parts = parts(raw);
    return parts.get(random.nextInt(parts.size()));
  }

  private Example masked(Example raw, RandomGenerator random) {
    Masking hiding =
        masking.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the tokenizer has neither [MASK] nor <mask>, so no words can be hidden"));
    Masking.Hidden hidden = hiding.hide(tokenizer.encode(Texts.text(raw), Texts.pair(raw)), random);
    Example read = encoded(raw).with("input_ids", HostTensor.of(hidden.ids(), hidden.ids().length));
    return Texts.isMasked(raw)
        ? read.with(LABELS, HostTensor.of(hidden.labels(), hidden.labels().length))
        : read;
  }

  private Example withoutSomeWords(Example raw, RandomGenerator random) {
    Tokens tokens = tokenizer.encode(Texts.text(raw), Texts.pair(raw));
    long[] ids = tokens.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      if (tokens.words()[i] >= 0 && random.nextDouble() < DROPPED) {
        ids[i] = rules.unknown();
      }
    }
    return encoded(raw).with(TokenTensors.IDS, HostTensor.of(ids, ids.length));
  }

  /**
   * {@code word-dropout}: a token in ten becomes the masked or unknown one. {@code masking}: words
   * are hidden; examples that are there to tell them get {@code labels}. {@code random-part}: one
   * of the {@linkplain #parts parts}.
   */
  @Override
  public Set<String> augmentations() {
    Set<String> ids = new TreeSet<>(List.of(RANDOM_PART));
    if (rules.unknown() >= 0) {
      ids.add(WORD_DROPOUT);
    }
    masking.ifPresent(present -> ids.add(MASKING));
    return ids;
  }

  /** Words left out where the tokenizer can say so, else hidden ones. */
  @Override
  public String strongAugmentation() {
    return Stream.of(WORD_DROPOUT, MASKING)
        .filter(augmentations()::contains)
        .findFirst()
        .orElse(dev.graft.plan.Stream.NONE);
  }

  /** Lengths up to 16, up to 32, up to 64 and so on. */
  @Override
  public int bucket(Example transformed) {
    long length = transformed.get(TokenTensors.IDS).shape()[0];
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(SHORT, length) - 1);
  }

  @Override
  public NamedTensors collate(List<Example> examples) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put(TokenTensors.IDS, padded(examples, TokenTensors.IDS, rules.pad()));
    inputs.put(TokenTensors.MASK, padded(examples, TokenTensors.MASK, 0));
    inputs.put(TokenTensors.TYPES, padded(examples, TokenTensors.TYPES, 0));
    inputs.put(WORD_STARTS, padded(examples, WORD_STARTS, TokenClassification.NO_WORD));
    if (haveAll(examples, CONTEXT)) {
      for (String name : List.of(BEGINS, ENDS, CONTEXT)) {
        inputs.put(name, padded(examples, name, -1));
      }
    }
    if (haveAll(examples, LEARNED)) {
      inputs.put(LEARNED, padded(examples, LEARNED, 0));
    }
    if (haveAll(examples, LABELS)) {
      inputs.put(LABELS, padded(examples, LABELS, NO_LABEL));
    }
    return NamedTensors.of(inputs);
  }

  private static boolean haveAll(List<Example> examples, String name) {
    return examples.stream().allMatch(example -> example.values().containsKey(name));
  }

  private static Tensor padded(List<Example> examples, String name, long filler) {
    int length = 1;
    for (Example example : examples) {
      length = Math.max(length, (int) example.get(name).count());
    }
    long[] values = new long[examples.size() * length];
    Arrays.fill(values, filler);
    for (int i = 0; i < examples.size(); i++) {
      long[] row = examples.get(i).get(name).toLongs();
      System.arraycopy(row, 0, values, i * length, row.length);
    }
    return Tensor.of(values, examples.size(), length);
  }
}
