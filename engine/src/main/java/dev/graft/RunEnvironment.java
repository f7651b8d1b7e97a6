package dev.graft;

import dev.graft.tensor.Runtime;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run was made with: versions and libraries, for the bundle and its report. */
final class RunEnvironment {

  private RunEnvironment() {}

  /** Values by name, in the order of display; nothing that names the machine or its user. */
  static Map<String, String> describe() {
    Runtime.Configuration configuration = Runtime.configuration();
    Map<String, String> result = new LinkedHashMap<>();
    String version = RunEnvironment.class.getPackage().getImplementationVersion();
    result.put("graft", version == null ? "unpackaged" : version);
    result.put("java", java.lang.Runtime.version().toString());
    result.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    result.put("libtorch", configuration.libtorch());
    result.put("blas", configuration.blas());
    result.put("threads", String.valueOf(Runtime.threads()));
    result.put("onednn", configuration.oneDnn() ? "on" : "off");
    result.put("instructions", configuration.cpuCapability());
    result.put("kernels", configuration.kernels());
    return result;
  }
}
