package dev.graft.train;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.internal.Json;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshots of a run: folders named by the number of updates, each complete under its final name.
 * The newest one whose digests are right is where a run goes on.
 */
final class Snapshots {

  private static final String STATE = "state.safetensors";
  private static final String POSITION = "position.json";
  private static final String MANIFEST = "manifest.json";

  /**
   * Everything a run needs to go on with the same bits.
   *
   * @param position the plain part
   * @param tensors weights that move, optimizer state, averages, terms, random state, by prefix
   */
  record Snapshot(Progress.Position position, Map<String, HostTensor> tensors) {

    /** The tensors under a prefix, without it. */
    Map<String, HostTensor> under(String prefix) {
      Map<String, HostTensor> result = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) -> {
            if (name.startsWith(prefix)) {
              result.put(name.substring(prefix.length()), tensor);
            }
          });
      return result;
    }
  }

  private final Path folder;
  private final int keep;

  Snapshots(Path folder, int keep) {
    this.folder = folder;
    this.keep = keep;
  }

  /** Writes a snapshot and removes the oldest ones beyond those that are kept. */
  Path save(Snapshot snapshot) throws IOException {
    Files.createDirectories(folder);
    Progress.Position position = snapshot.position();
    String name =
        "%02d-%09d-%05d-%d"
            .formatted(
                position.phase(), position.updates(), position.epoch(), position.rollbacks());
    Path target = folder.resolve(name);
    if (Files.exists(target)) {
      // The same position of the same run: its content is the same, bit for bit.
      return target;
    }
    AtomicFiles.writeFolder(
        target,
        temporary -> {
          Weights.of(snapshot.tensors()).save(temporary.resolve(STATE));
          AtomicFiles.write(temporary.resolve(POSITION), Json.write(position));
          Map<String, String> digests = new LinkedHashMap<>();
          for (String file : List.of(STATE, POSITION)) {
            digests.put(file, Digests.sha256(temporary.resolve(file)));
          }
          AtomicFiles.write(temporary.resolve(MANIFEST), Json.write(digests));
        });
    List<Path> all = all();
    for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
      AtomicFiles.deleteAll(old);
    }
    return target;
  }

  /** The newest snapshot that is complete and unchanged, if there is one. */
  Optional<Snapshot> newest() throws IOException {
    for (Path candidate : all()) {
      if (intact(candidate)) {
        Progress.Position position =
            Json.read(candidate.resolve(POSITION), new TypeReference<Progress.Position>() {});
        Weights weights = Weights.open(candidate.resolve(STATE));
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        weights.names().forEach(name -> tensors.put(name, weights.get(name)));
        return Optional.of(new Snapshot(position, tensors));
      }
    }
    return Optional.empty();
  }

  /** Newest first. */
  private List<Path> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var list = Files.list(folder)) {
      return list.filter(path -> path.getFileName().toString().matches("\\d+-\\d+-\\d+-\\d+"))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static boolean intact(Path snapshot) throws IOException {
    Path manifest = snapshot.resolve(MANIFEST);
    if (!Files.exists(manifest)) {
      return false;
    }
    Map<String, String> digests = Json.read(manifest, new TypeReference<Map<String, String>>() {});
    for (Map.Entry<String, String> entry : digests.entrySet()) {
      Path file = snapshot.resolve(entry.getKey());
      if (!Files.exists(file) || !Digests.sha256(file).equals(entry.getValue())) {
        return false;
      }
    }
    return true;
  }
}
