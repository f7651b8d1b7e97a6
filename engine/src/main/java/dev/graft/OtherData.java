package dev.graft;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.DataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Data sets besides the labelled one that a transfer is asked with:
 *
 * <ul>
 *   <li>{@code unlabelled}: examples of the domain in which the model is to work; their labels, if
 *       the folder has any, are never read
 *   <li>{@code source}: further labelled examples, of another domain
 *   <li>{@code test}: what the final figures are measured on, in place of a part of the data
 * </ul>
 *
 * Of a folder with parts, {@code unlabelled} and {@code source} are its training part, {@code test}
 * its test part.
 */
final class OtherData {

  static final String UNLABELLED = "unlabelled";
  static final String SOURCE = "source";
  static final String TEST = "test";

  private final TransferRequest request;
  private final Registry registry;

  OtherData(TransferRequest request, Registry registry) {
    this.request = request;
    this.registry = registry;
  }

  /** The data with the test part that was asked for, if one was. */
  DataParts withTest(DataParts parts) throws IOException {
    if (!asked(TEST)) {
      return parts;
    }
    DataParts other = open(TEST);
    same(TEST, other.modality(), parts.modality());
    Dataset all = other.training();
    Dataset test = relabelled(TEST, other.test().orElse(all), parts.training().classes());
    return new DataParts(parts.modality(), parts.training(), parts.validation(), Optional.of(test));
  }

  /** The split with the other data sets that were asked for. */
  Split added(Split split, String modality) throws IOException {
    Split result = split;
    if (asked(UNLABELLED)) {
      Found found = found(UNLABELLED);
      result =
          result.with(
              UNLABELLED,
              found.source.openUnlabelled(found.path, Path.of(request.data()), found.settings));
    }
    if (asked(SOURCE)) {
      DataParts source = open(SOURCE);
      same(SOURCE, source.modality(), modality);
      List<String> classes = split.training().classes();
      result = result.with(SOURCE, relabelled(SOURCE, source.training(), classes));
    }
    return result;
  }

  private boolean asked(String name) {
    return request.others().containsKey(name);
  }

  /**
   * A folder and who reads it.
   *
   * @param settings those of the labelled data where the same source reads both
   */
  private record Found(Path path, DataSource source, Settings settings) {}

  private Found found(String name) throws IOException {
    Path path = Path.of(request.others().get(name));
    DataSource labelled = DataFolder.source(Path.of(request.data()), request.format(), registry);
    DataSource source = DataFolder.sourceBeside(path, labelled, registry);
    boolean same = source.about().id().equals(labelled.about().id());
    Settings settings = same ? new Settings(request.dataSettings()) : Settings.NONE;
    return new Found(path, source, settings.checked(source.about().id(), source.settings()));
  }

  private DataParts open(String name) throws IOException {
    Found found = found(name);
    return found.source.openBeside(found.path, Path.of(request.data()), found.settings);
  }

  private static void same(String name, String modality, String labelled) throws IOException {
    if (!modality.equals(labelled)) {
      throw new IOException(
          "the %s data are of kind '%s', the labelled ones of kind '%s'"
              .formatted(name, modality, labelled));
    }
  }

  private static Dataset relabelled(String name, Dataset data, List<String> classes)
      throws IOException {
    List<String> own = data.classes();
    if (own.isEmpty() != classes.isEmpty() || !classes.containsAll(own)) {
      throw new IOException(
          "the %s data have the classes %s; allowed are those of the labelled data: %s"
              .formatted(name, own, classes));
    }
    return own.equals(classes) ? data : data.relabelled(classes);
  }
}
