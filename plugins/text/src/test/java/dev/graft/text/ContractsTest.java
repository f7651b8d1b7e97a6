package dev.graft.text;

import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import dev.graft.spi.DataSource;
import dev.graft.spi.Modality;
import dev.graft.testkit.contract.DataSourceContract;
import dev.graft.testkit.contract.ModalityContract;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.text.preprocessing.Texts;
import dev.graft.text.source.ChatSource;
import dev.graft.text.source.ConllSource;
import dev.graft.text.source.PlainTextSource;
import dev.graft.text.source.QuestionSource;
import dev.graft.text.source.TextTableSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The promises that every plugin of these kinds makes. */
final class ContractsTest {

  private static final String VOCABULARY =
      "[PAD] [UNK] [CLS] [SEP] [MASK] good bad film ##s".replace(' ', '\n');

  private static Preprocessing small() {
    SideFiles files =
        name ->
            name.equals("vocab.txt")
                ? Optional.of(VOCABULARY.getBytes(StandardCharsets.UTF_8))
                : Optional.empty();
    try {
      return new TextModality().preprocessing(Map.of("max_length", 24), files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nested
  class Source extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new TextTableSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      Path file = folder.resolve("reviews.tsv");
      return Files.writeString(
          file, "label\ttext\n1\tgood film\n0\tbad film\n1\t\"good\" films\n0\tbad\n");
    }
  }

  @Nested
  class TaggedWords extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new ConllSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      Path file = folder.resolve("names.conll");
      return Files.writeString(file, "Ann\tB-p\nran\tO\n\nHe\tO\n\nBob\tB-p\n\nIn\tO\nRome\tB-q\n");
    }
  }

  @Nested
  class PlainText extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new PlainTextSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      return Files.writeString(
          folder.resolve("tales.txt"), "One\nfine day.\n\nTwo\n\nThree\n\nFour");
    }
  }

  @Nested
  class Chats extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new ChatSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      StringBuilder lines = new StringBuilder();
      for (String answer : List.of("good", "bad", "film", "one")) {
        lines.append("{\"instruction\": \"Say\", \"output\": \"%s\"}%n".formatted(answer));
      }
      return Files.writeString(folder.resolve("train.jsonl"), lines);
    }
  }

  @Nested
  class Questions extends DataSourceContract {

    @Override
    protected DataSource source() {
      return new QuestionSource();
    }

    @Override
    protected Path sample(Path folder) throws IOException {
      StringBuilder lines = new StringBuilder();
      for (String answer : List.of("good", "bad", "film", "one")) {
        lines.append(
            "{\"question\": \"Which?\", \"context\": \"a %s\", \"answer\": \"%s\"}%n"
                .formatted(answer, answer));
      }
      return Files.writeString(folder.resolve("train.jsonl"), lines);
    }
  }

  @Nested
  class Kind extends ModalityContract {

    @Override
    protected Modality modality() {
      return new TextModality();
    }

    @Override
    protected Preprocessing preprocessing() {
      return small();
    }

    @Override
    protected List<Example> examples() {
      return List.of(
          Texts.example("one", "good films", Optional.of("bad good film ".repeat(10))),
          Texts.example("two", "a bad film", Optional.of("good bad film ".repeat(10))));
    }
  }
}
