package dev.graft.spi;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.SideFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kind of input: images, tables, text, sound. */
public interface Modality extends Plugin {

  /**
   * Preprocessing from its settings, as {@link Preprocessing#settings()} wrote them or as a
   * published {@code preprocessor_config.json} holds them.
   */
  Preprocessing preprocessing(Map<String, Object> settings);

  /**
   * As above, with files: those of a bundle, as {@link Preprocessing#files()} gave them, or those
   * of a published folder.
   *
   * @throws IOException if a file that is needed is missing or cannot be read
   */
  default Preprocessing preprocessing(Map<String, Object> settings, SideFiles files)
      throws IOException {
    return preprocessing(settings);
  }

  /**
   * The raw content of an input that is typed instead of being a file, for example a sentence;
   * empty where inputs of this kind cannot be typed.
   */
  default Optional<byte[]> typed(String input) {
    return Optional.empty();
  }

  /**
   * Preprocessing fitted to the rows that will be trained on, for a network that starts without
   * any; empty where inputs of this kind need no fitting.
   *
   * @throws IOException if an example cannot be read
   */
  default Optional<Preprocessing> fit(Dataset training) throws IOException {
    return Optional.empty();
  }

  /**
   * Decodes one raw input as a client sends it or a file holds it.
   *
   * @throws CorruptExampleException if the content cannot be read
   */
  Example decode(String id, byte[] content) throws CorruptExampleException;

  /**
   * The parts of an example that are tagged one by one, in order: the words of a text; empty where
   * inputs of this kind have none.
   */
  default List<String> words(Example example) {
    return List.of();
  }

  /**
   * An example without some of its {@linkplain #words words}; empty where nothing would be left, or
   * inputs of this kind have no words.
   *
   * @param from number of the first word that is left out
   * @param to number of the word behind the last one
   */
  default Optional<Example> withoutWords(Example example, int from, int to) {
    return Optional.empty();
  }

  /** A small self-contained HTML rendering of an example for reports, if there is a useful one. */
  default Optional<String> html(Example example) {
    return Optional.empty();
  }
}
