package dev.graft.bundle;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.internal.Json;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trained model on disk. A folder with {@code graft.json}, {@code model.safetensors} and {@code
 * report.html}; written beside its place and renamed into it.
 *
 * @param folder where it stands
 * @param manifest what it says about itself
 */
public record Bundle(Path folder, Manifest manifest) {

  private static final String MANIFEST = "graft.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String REPORT = "report.html";

  /**
   * Writes a bundle; one that stands there is replaced.
   *
   * @param weights parameters and buffers under their published names
   * @param report the report as HTML
   */
  public static Bundle write(
      Path folder, Manifest manifest, Map<String, HostTensor> weights, String report)
      throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    AtomicFiles.deleteAll(folder);
    AtomicFiles.writeFolder(
        folder,
        temporary -> {
          Weights.of(weights).save(temporary.resolve(WEIGHTS));
          AtomicFiles.write(temporary.resolve(REPORT), report.getBytes(StandardCharsets.UTF_8));
          for (String file : new String[] {WEIGHTS, REPORT}) {
            digests.put(file, Digests.sha256(temporary.resolve(file)));
          }
          AtomicFiles.write(temporary.resolve(MANIFEST), Json.write(manifest.withDigests(digests)));
        });
    return new Bundle(folder, manifest.withDigests(digests));
  }

  /**
   * Opens a bundle and checks every file against its digest.
   *
   * @throws BundleException if it is none, of a newer version, or changed since it was written
   */
  public static Bundle open(Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new BundleException(
          "'%s' is no bundle: it has no %s; give the folder that fit wrote"
              .formatted(folder, MANIFEST),
          null);
    }
    Map<String, Object> plain = Json.readObject(file);
    Object version = plain.get("formatVersion");
    if (!(version instanceof Integer number) || number < 1 || number > Manifest.VERSION) {
      throw new BundleException(
          "'%s' has format version %s, this Graft reads 1 to %d; use a newer Graft"
              .formatted(folder, version, Manifest.VERSION),
          null);
    }
    Manifest manifest;
    try {
      manifest = Json.read(file, new TypeReference<Manifest>() {});
    } catch (IOException e) {
      throw new BundleException("the manifest of '%s' is broken".formatted(folder), e);
    }
    for (Map.Entry<String, String> entry : manifest.digests().entrySet()) {
      Path part = folder.resolve(entry.getKey());
      if (!Files.isRegularFile(part) || !Digests.sha256(part).equals(entry.getValue())) {
        throw new BundleException(
            "'%s' is missing or was changed after the bundle was written; write the bundle again"
                .formatted(part),
            null);
      }
    }
    return new Bundle(folder, manifest);
  }

  /** Its weights. */
  public Weights weights() throws IOException {
    return Weights.open(folder.resolve(WEIGHTS));
  }

  /** Its report. */
  public Path report() {
    return folder.resolve(REPORT);
  }
}
