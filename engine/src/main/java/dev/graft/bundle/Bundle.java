package dev.graft.bundle;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.graft.internal.AtomicFiles;
import dev.graft.internal.Digests;
import dev.graft.internal.Json;
import dev.graft.tensor.HostTensor;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A trained model on disk. A folder with {@code graft.json}, {@code model.safetensors} and {@code
 * report.html}, or a zip of one; written beside its place and renamed into it.
 *
 * @param folder where it stands: a folder, or a zip file
 * @param manifest what it says about itself
 */
public record Bundle(Path folder, Manifest manifest) {

  static final String MANIFEST = "graft.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String REPORT = "report.html";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

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
   * Opens a bundle, a folder or a zip of one, and checks every file against its digest. A zip is
   * read where it lies; nothing of it is unpacked to the disk.
   *
   * @throws BundleException if it is none, of a newer version, or changed since it was written
   */
  public static Bundle open(Path path) throws IOException {
    BundleFiles files = BundleFiles.of(path);
    if (!files.has(MANIFEST)) {
      throw new BundleException(
          "'%s' is no bundle: it has no %s; give the folder that fit wrote, or a zip of it"
              .formatted(path, MANIFEST),
          null);
    }
    byte[] json = files.read(MANIFEST);
    Object version = Json.readObject(json, path + " " + MANIFEST).get("formatVersion");
    if (!(version instanceof Integer number) || number < 1 || number > Manifest.VERSION) {
      throw new BundleException(
          "'%s' has format version %s, this Graft reads 1 to %d; use a newer Graft"
              .formatted(path, version, Manifest.VERSION),
          null);
    }
    Manifest manifest;
    try {
      manifest = Json.read(json, path + " " + MANIFEST, new TypeReference<Manifest>() {});
    } catch (IOException e) {
      throw new BundleException("the manifest of '%s' is broken".formatted(path), e);
    }
    for (Map.Entry<String, String> entry : manifest.digests().entrySet()) {
      String name = entry.getKey();
      if (!PLAIN.matcher(name).matches()) {
        throw new BundleException(
            "the manifest of '%s' names the file '%s'; files of a bundle have plain names"
                .formatted(path, name),
            null);
      }
      if (!files.has(name) || !files.digest(name).equals(entry.getValue())) {
        throw new BundleException(
            "'%s' of '%s' is missing or was changed after the bundle was written; write the bundle"
                    .formatted(name, path)
                + " again",
            null);
      }
    }
    return new Bundle(path, manifest);
  }

  /** True if a folder or a zip file holds a bundle, whole or not. */
  public static boolean isAt(Path path) throws IOException {
    try {
      return BundleFiles.of(path).has(MANIFEST);
    } catch (BundleException e) {
      return false;
    }
  }

  /**
   * Writes this bundle, which stands in a folder, as one zip file; the same bundle gives the same
   * bytes. One that stands there is replaced.
   */
  public Bundle zip(Path target) throws IOException {
    List<String> names = new ArrayList<>(List.of(MANIFEST));
    names.addAll(new TreeSet<>(manifest.digests().keySet()));
    BundleFiles.zip(folder, names, target);
    return new Bundle(target, manifest);
  }

  /** Its weights. */
  public Weights weights() throws IOException {
    return BundleFiles.of(folder).weights(WEIGHTS);
  }

  /** Its report, an HTML page. */
  public String report() throws IOException {
    return new String(BundleFiles.of(folder).read(REPORT), StandardCharsets.UTF_8);
  }
}
