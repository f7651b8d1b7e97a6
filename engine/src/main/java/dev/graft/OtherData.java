package dev.graft;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.registry.Registry;
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
    Optional<DataParts> other = open(TEST, parts.modality());
    if (other.isEmpty()) {
      return parts;
    }
    Dataset all = other.get().training();
    Dataset test = relabelled(TEST, other.get().test().orElse(all), parts.training().classes());
    return new DataParts(parts.modality(), parts.training(), parts.validation(), Optional.of(test));
  }

  /** The split with the other data sets that were asked for. */
  Split added(Split split, String modality) throws IOException {
    Split result = split;
    Optional<DataParts> unlabelled = open(UNLABELLED, modality);
    if (unlabelled.isPresent()) {
      result = result.with(UNLABELLED, unlabelled.get().training().withoutTargets());
    }
    Optional<DataParts> source = open(SOURCE, modality);
    if (source.isPresent()) {
      List<String> classes = split.training().classes();
      result = result.with(SOURCE, relabelled(SOURCE, source.get().training(), classes));
    }
    return result;
  }

  private Optional<DataParts> open(String name, String modality) throws IOException {
    String folder = request.others().get(name);
    if (folder == null) {
      return Optional.empty();
    }
    DataParts parts =
        DataFolder.open(Path.of(folder), request.format(), request.dataSettings(), registry);
    if (!parts.modality().equals(modality)) {
      throw new IOException(
          "the %s data are of kind '%s', the labelled ones of kind '%s'"
              .formatted(name, parts.modality(), modality));
    }
    return Optional.of(parts);
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
