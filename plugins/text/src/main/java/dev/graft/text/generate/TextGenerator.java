package dev.graft.text.generate;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Generator;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.Pass;
import dev.graft.text.block.WordModel;
import dev.graft.text.family.TranslatingNetwork;
import dev.graft.text.preprocessing.ChatTemplate;
import dev.graft.text.preprocessing.TextPreprocessing;
import dev.graft.text.token.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Goes on with a text: the likeliest word always, words drawn by their probabilities, or the best
 * of several beams.
 */
public final class TextGenerator implements Generator {

  /** Special tokens that end a text, whatever the model's folder says. */
  private static final List<String> ENDS =
      List.of("</s>", "<|endoftext|>", "<|eot_id|>", "<|im_end|>", "<|end_of_text|>");

  /** No template: the prompt is how the text begins. */
  private static final String PLAIN = "none";

  /** Tokens of what is generated to look at. */
  private static final int SAMPLED = 60;

  /** Half of a character of several bytes is decoded to this sign. */
  private static final String INCOMPLETE = "\uFFFD";

  @Override
  public About about() {
    return new About(
        "text",
        "goes on with a text: greedy, sampled (temperature, top-k, top-p) or by beam search",
        "Holtzman et al. 2020, The Curious Case of Neural Text Degeneration");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("max_tokens", 200, 1, 1_000_000, "tokens after which it ends"),
        Setting.number("temperature", 0, 0, 100, "by which logits are divided; 0: the likeliest"),
        Setting.integer("top_k", 0, 0, 10_000_000, "likeliest tokens that count; 0: all"),
        Setting.number("top_p", 1, 1e-6, 1, "sum of probabilities of the tokens that count"),
        Setting.integer("beams", 1, 1, 1_000, "sequences that are followed side by side"),
        Setting.number("length_penalty", 1, 0, 10, "power of the length that divides a score"),
        Setting.integer("seed", 0, 0, Integer.MAX_VALUE, "of the draws"),
        Setting.text(
            "template",
            PLAIN,
            templates(),
            "layout that makes a question of the prompt and an end of what ends an answer"),
        Setting.text("stop", "", List.of(), "text before which it ends"),
        Setting.flag("cache", true, "whether keys and values are kept; with beams they are"));
  }

  private static List<String> templates() {
    List<String> ids = new ArrayList<>(List.of(PLAIN));
    ids.addAll(ChatTemplate.ids());
    return ids;
  }

  @Override
  public boolean knows(Model model, Preprocessing preprocessing) {
    return preprocessing instanceof TextPreprocessing
        && (model.network().writesAnswers() || model.network().saysNextWord());
  }

  @Override
  public Optional<Exercise> exercise(Example raw) {
    return Exercises.of(raw);
  }

  @Override
  public String sample(Request request) {
    return generate(request, Settings.of("max_tokens", SAMPLED), piece -> {});
  }

  @Override
  public String generate(Request request, Settings given, Consumer<String> heard) {
    Settings settings = given.checked(about().id(), settings());
    String template = settings.text("template");
    if (template.equals(PLAIN)) {
      return written(request, settings, heard);
    }
    ChatTemplate chat = ChatTemplate.of(template);
    boolean ends = settings.text("stop").isEmpty() && !chat.end().isEmpty();
    return written(
        new Request(request.model(), request.preprocessing(), chat.asked(request.prompt())),
        ends ? settings.with("stop", chat.end()) : settings,
        heard);
  }

  private String written(Request request, Settings settings, Consumer<String> heard) {
    TextPreprocessing preprocessing = (TextPreprocessing) request.preprocessing();
    if (request.model().network() instanceof TranslatingNetwork network) {
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        long[] ids = preprocessing.tokenizer().encode(request.prompt(), Optional.empty()).ids();
        Tensor source = Tensor.of(ids, 1, ids.length);
        Pass pass = Pass.PLAIN.withMemory(network.encode(NamedTensors.of("input_ids", source)));
        return written(request, settings, new Start(new long[] {network.start()}, pass), heard);
      }
    }
    long[] prompt = prompt(preprocessing, request.prompt());
    return written(request, settings, new Start(prompt, Pass.PLAIN), heard);
  }

  /**
   * Where it begins.
   *
   * @param ids the first ones
   * @param pass what each step reads beside them
   */
  private record Start(long[] ids, Pass pass) {}

  private String written(Request request, Settings settings, Start start, Consumer<String> heard) {
    TextPreprocessing preprocessing = (TextPreprocessing) request.preprocessing();
    TextTokenizer tokenizer = preprocessing.tokenizer();
    long[] prompt = start.ids();
    int room = preprocessing.maxLength() - prompt.length;
    if (room < 1) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, the model reads %d; give a shorter one"
              .formatted(prompt.length, preprocessing.maxLength()));
    }
    int count = Math.min(settings.integer("max_tokens"), room);
    Set<Long> ends = ends(preprocessing);
    WordModel model = (WordModel) request.model().network();
    Continuation continuation = new Continuation(model, ends, settings.flag("cache"), start.pass());
    Heard text = new Heard(tokenizer, prompt, settings.text("stop"), heard);
    if (settings.integer("beams") > 1) {
      long[] best =
          continuation.beams(
              prompt, count, settings.integer("beams"), settings.number("length_penalty"));
      for (long id : best) {
        if (text.enough(id)) {
          break;
        }
      }
    } else {
      Choice choice =
          new Choice(
              settings.number("temperature"), settings.integer("top_k"), settings.number("top_p"));
      long[] unused =
          continuation.sample(prompt, count, choice, new Random(settings.integer("seed")), text);
    }
    return text.finish();
  }

  /** The tokens of the prompt; what the tokenizer puts behind a text would end it. */
  private static long[] prompt(TextPreprocessing preprocessing, String text) {
    TextTokenizer tokenizer = preprocessing.tokenizer();
    Set<Long> ends = ends(preprocessing);
    long[] ids = tokenizer.encode(text, Optional.empty()).ids();
    int length = ids.length;
    while (length > 1 && ends.contains(ids[length - 1])) {
      length--;
    }
    if (length == 0) {
      return new long[] {tokenizer.special("<|endoftext|>").orElseThrow(TextGenerator::noStart)};
    }
    return Arrays.copyOf(ids, length);
  }

  private static IllegalArgumentException noStart() {
    return new IllegalArgumentException(
        "the model has no token to begin a text with; give a prompt");
  }

  /** What ends a text: what the model's folder says, and what is known to. */
  private static Set<Long> ends(TextPreprocessing preprocessing) {
    Set<Long> ends = new HashSet<>(preprocessing.ends());
    ENDS.forEach(end -> preprocessing.tokenizer().special(end).ifPresent(ends::add));
    return ends;
  }

  /** Turns tokens into text as they come, and looks for the stop. */
  private static final class Heard implements Continuation.Listener {

    private final TextTokenizer tokenizer;
    private final String stop;
    private final Consumer<String> heard;
    private final int before;
    private long[] ids;
    private String text = "";
    private int told;

    Heard(TextTokenizer tokenizer, long[] prompt, String stop, Consumer<String> heard) {
      this.tokenizer = tokenizer;
      this.stop = stop;
      this.heard = heard;
      this.ids = prompt;
      this.before = tokenizer.decode(prompt, true).length();
    }

    @Override
    public boolean enough(long id) {
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = id;
      String all = tokenizer.decode(ids, true);
      text = all.length() < before ? "" : all.substring(before);
      int end = stop.isEmpty() ? -1 : text.indexOf(stop);
      if (end >= 0) {
        text = text.substring(0, end);
        return true;
      }
      // The end of what may become the stop, or half of a character, is not certain yet.
      if (!text.endsWith(INCOMPLETE)) {
        tell(Math.max(told, text.length() - Math.max(0, stop.length() - 1)));
      }
      return false;
    }

    private void tell(int to) {
      if (to > told && to <= text.length()) {
        heard.accept(text.substring(told, to));
        told = to;
      }
    }

    String finish() {
      tell(text.length());
      return text;
    }
  }
}
