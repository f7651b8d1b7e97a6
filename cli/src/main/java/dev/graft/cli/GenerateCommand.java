package dev.graft.cli;

import dev.graft.Base;
import dev.graft.Graft;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Generator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lets a model go on with a text. */
@Command(
    name = "generate",
    description = "Let a base or a bundle go on with a text; the text appears as it is made.",
    footer =
        "%nExample: graft generate --base models/stories --prompt \"Once upon a time\""
            + " --setting max_tokens=100",
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {

  /** One of the two. */
  private static final class From {

    @Option(names = "--bundle", paramLabel = "DIR", description = "A model that was adapted.")
    private Path bundle;

    @Option(names = "--base", paramLabel = "DIR", description = "A base as it was published.")
    private Path base;

    Path folder() {
      return bundle == null ? base : bundle;
    }
  }

  @Mixin private Output output;

  @ArgGroup(multiplicity = "1")
  private From from;

  @Option(
      names = "--prompt",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "How the text begins. Default: nothing.")
  private String prompt;

  @Option(
      names = "--setting",
      paramLabel = "KEY=VALUE",
      description =
          "max_tokens, temperature, top_k, top_p, beams, length_penalty, seed, stop, template; may"
              + " be repeated. Without temperature or beams the likeliest word comes next; a bundle"
              + " made from chats keeps their template.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Registry registry = Graft.create().registry();
    PrintWriter out = spec.commandLine().getOut();
    try (Base base = Base.open(from.folder(), Map.of(), registry);
        Model model = base.pretrained()) {
      Generator generator = generator(registry, base, model);
      Settings given =
          base.settingsFor(generator, new Settings(new LinkedHashMap<String, Object>(settings)));
      boolean plain = !output.json();
      if (plain && !model.network().writesAnswers()) {
        out.print(prompt);
        out.flush();
      }
      String text =
          generator.generate(
              new Generator.Request(model, base.preprocessing(), prompt),
              given,
              piece -> {
                if (plain) {
                  out.print(piece);
                  out.flush();
                }
              });
      output.print(Map.of("prompt", prompt, "text", text), PrintWriter::println);
    }
    return 0;
  }

  private static Generator generator(Registry registry, Base base, Model model) throws IOException {
    for (Generator generator : registry.all(Generator.class)) {
      if (generator.knows(model, base.preprocessing())) {
        return generator;
      }
    }
    throw new IOException(
        "'%s' is a %s that says no next word; generate needs a decoder with its head over words"
            .formatted(base.name(), model.spec().family()));
  }
}
