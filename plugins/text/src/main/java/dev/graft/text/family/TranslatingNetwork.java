package dev.graft.text.family;

import dev.graft.layers.Child;
import dev.graft.layers.Layer;
import dev.graft.model.Group;
import dev.graft.model.HeadInput;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Pass;
import dev.graft.text.block.SequenceLayer;
import dev.graft.text.block.WordModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * An encoder and a decoder that reads what the encoder made. Inputs: {@code input_ids} (N, S), if
 * there is any {@code attention_mask} (N, S), and {@code decoder_input_ids} (N, L) or, in their
 * place, {@code labels} (N, L), which are then shifted by one; without either, the decoder reads
 * the start alone. Outputs: {@code logits} (N, L, V), or (N, K) of a head for examples, and {@code
 * encoder_last_hidden_state} (N, S, D).
 *
 * <p>Groups: {@code embeddings}, one for each block of the encoder and then of the decoder, {@code
 * head}.
 */
public final class TranslatingNetwork extends PlacedNetwork implements WordModel {

  private static final String IDS = "decoder_input_ids";
  private static final String MEMORY = "encoder_last_hidden_state";

  /** Scores by distance, (1, heads, L, S), for queries that begin at a position. */
  @FunctionalInterface
  interface ScoreBias {

    /** The bias of {@code queries} positions from {@code first} on over all before them. */
    Tensor of(long first, long queries);
  }

  /**
   * One of the two halves.
   *
   * @param name of its container
   * @param embed ids (N, L) and the number of positions before them to hidden states
   * @param blocks in order, by path
   * @param finish what is done behind the last block
   * @param bias added to the scores of its own attentions
   */
  record Half(
      String name,
      Embedder embed,
      Map<String, Child> blocks,
      UnaryOperator<Tensor> finish,
      Optional<ScoreBias> bias) {

    /** Makes hidden states of ids. */
    @FunctionalInterface
    interface Embedder {

      /** Hidden states (N, L, D) of the ids (N, L) behind {@code past} others. */
      Tensor embed(Tensor ids, long past);
    }
  }

  private final long features;
  private final long start;
  private final long pad;
  private final List<String> embeddingModules = new ArrayList<>();
  private final List<String> encoderEnd = new ArrayList<>();
  private final List<String> decoderEnd = new ArrayList<>();
  private Half encoder;
  private Half decoder;
  private Child head;
  private UnaryOperator<Tensor> headOf;
  private boolean overWords = true;
  private OptionalLong never = OptionalLong.empty();

  /**
   * An empty network.
   *
   * @param features D
   * @param start id with which every answer begins
   * @param pad id that stands for labels that count nothing
   */
  TranslatingNetwork(long features, long start, long pad) {
    this.features = features;
    this.start = start;
    this.pad = pad;
  }

  /** A tensor that is saved but not trained. */
  Tensor constant(String name, Tensor value) {
    return buffer(name, value);
  }

  /** Modules of the first group. */
  void embeddings(List<String> modules) {
    embeddingModules.addAll(modules);
  }

  /** The encoder and the modules behind its last block. */
  void encoder(Half half, List<String> end) {
    encoder = half;
    encoderEnd.addAll(end);
  }

  /** The decoder and the modules behind its last block. */
  void decoder(Half half, List<String> end) {
    decoder = half;
    decoderEnd.addAll(end);
  }

  /** Says which word never comes next. */
  void never(long id) {
    never = OptionalLong.of(id);
  }

  /** The head over words, placed under {@code lm_head}, and what is done behind it. */
  void head(Layer layer, UnaryOperator<Tensor> after) {
    head = place("lm_head", layer);
    headOf = after;
  }

  @Override
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    groups.add(new Group("embeddings", embeddingModules, this::begin));
    halves(groups, encoder, encoderEnd, this::turn);
    halves(groups, decoder, decoderEnd, this::end);
    groups.add(new Group("head", List.of("lm_head", ""), this::words));
    return groups;
  }

  private void halves(
      List<Group> groups, Half half, List<String> end, UnaryOperator<NamedTensors> after) {
    int left = half.blocks.size();
    for (Map.Entry<String, Child> block : half.blocks.entrySet()) {
      left--;
      List<String> modules = new ArrayList<>(List.of(block.getKey()));
      UnaryOperator<NamedTensors> step = state -> through(half, block.getValue(), state);
      if (left == 0) {
        modules.addAll(end);
      }
      boolean last = left == 0;
      groups.add(
          new Group(
              block.getKey(),
              modules,
              state -> last ? after.apply(step.apply(state)) : step.apply(state)));
    }
  }

  private NamedTensors begin(NamedTensors inputs) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("hidden", encoder.embed.embed(inputs.get("input_ids"), 0));
    if (inputs.has(Pass.MASK)) {
      state.put(Pass.MASK, inputs.get(Pass.MASK));
    }
    state.put(IDS, decoderIds(inputs));
    return NamedTensors.of(state);
  }

  /** What the decoder reads: what is given, the labels behind the start, or the start alone. */
  private Tensor decoderIds(NamedTensors inputs) {
    if (inputs.has(IDS)) {
      return inputs.get(IDS);
    }
    return inputs.has("labels")
        ? shifted(inputs.get("labels"))
        : Tensor.full((double) start, DType.INT64, inputs.get("input_ids").size(0), 1);
  }

  /** The labels moved by one behind the start; those that count nothing are padding. */
  private Tensor shifted(Tensor labels) {
    long rows = labels.size(0);
    Tensor first = Tensor.full((double) start, DType.INT64, rows, 1);
    Tensor known =
        Tensor.where(labels.lt(0), Tensor.full((double) pad, DType.INT64, labels.shape()), labels);
    return Tensor.cat(List.of(first, known.narrow(1, 0, labels.size(1) - 1)), 1);
  }

  private NamedTensors through(Half half, Child block, NamedTensors state) {
    Tensor hidden = state.get("hidden");
    boolean decoding = state.has(MEMORY);
    Pass pass = decoding ? Pass.PLAIN.withMemory(memory(state)) : Pass.over(state, hidden);
    return state.with(
        "hidden", SequenceLayer.apply(block, hidden, biased(half, pass, hidden.size(1))));
  }

  private static Pass biased(Half half, Pass pass, long length) {
    return half.bias.isEmpty() ? pass : pass.withBias(half.bias.get().of(pass.past(), length));
  }

  private static Pass.Memory memory(NamedTensors state) {
    Tensor states = state.get(MEMORY);
    return new Pass.Memory(
        states, state.has(Pass.MASK) ? Pass.tokens(state.get(Pass.MASK), states.size(1)) : null);
  }

  /** From the end of the encoder to the beginning of the decoder. */
  private NamedTensors turn(NamedTensors state) {
    Tensor memory = container(encoder.name).announce(encoder.finish.apply(state.get("hidden")));
    return state.with(MEMORY, memory).with("hidden", decoder.embed.embed(state.get(IDS), 0));
  }

  private NamedTensors end(NamedTensors state) {
    Tensor features = container(decoder.name).announce(decoder.finish.apply(state.get("hidden")));
    Map<String, Tensor> result = new LinkedHashMap<>();
    result.put("features", features);
    result.put(MEMORY, state.get(MEMORY));
    return NamedTensors.of(result);
  }

  private NamedTensors words(NamedTensors state) {
    return state.with("logits", headOf.apply(head.apply(state.get("features"))));
  }

  /** What the decoder reads of some inputs. */
  public Pass.Memory encode(NamedTensors inputs) {
    Tensor hidden = encoder.embed.embed(inputs.get("input_ids"), 0);
    Pass pass = biased(encoder, Pass.over(inputs, hidden), hidden.size(1));
    for (Child block : encoder.blocks.values()) {
      hidden = SequenceLayer.apply(block, hidden, pass);
    }
    return memory(inputs.with(MEMORY, encoder.finish.apply(hidden)));
  }

  @Override
  public Tensor next(Tensor ids, Pass given) {
    Pass pass = biased(decoder, given, ids.size(1));
    Tensor hidden = decoder.embed.embed(ids, pass.past());
    for (Child block : decoder.blocks.values()) {
      hidden = SequenceLayer.apply(block, hidden, pass);
    }
    if (pass.cache() != null) {
      pass.cache().advance(ids.size(1));
    }
    Tensor last = decoder.finish.apply(hidden.narrow(1, hidden.size(1) - 1, 1));
    Tensor logits = headOf.apply(head.apply(last)).squeeze(1);
    if (never.isPresent()) {
      logits.select(1, never.getAsLong()).fillInPlace(Double.NEGATIVE_INFINITY);
    }
    return logits;
  }

  /** The id with which every answer begins. */
  public long start() {
    return start;
  }

  @Override
  public boolean writesAnswers() {
    return overWords;
  }

  @Override
  public String headPath() {
    return "lm_head";
  }

  @Override
  public long featureCount() {
    return features;
  }

  @Override
  public void replaceHead(Layer layer) {
    replaceHead(layer, HeadInput.EXAMPLE);
  }

  /** A new head reads the last position of the decoder, or each of them. */
  @Override
  public void replaceHead(Layer layer, HeadInput input) {
    if (input == HeadInput.SPAN) {
      throw new IllegalArgumentException(
          "a head over beginnings and ends reads the positions of an encoder; this network answers"
              + " with a decoder, choose another base");
    }
    head.replace(layer);
    overWords = false;
    headOf =
        input == HeadInput.EXAMPLE
            ? logits -> logits.select(1, logits.size(1) - 1)
            : UnaryOperator.identity();
  }
}
