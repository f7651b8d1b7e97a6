package dev.graft.server.operations;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assertions;

/** A key with its certificate, made by the tool of the platform. */
public final class Certificates {

  private static final char[] PASSWORD = "password".toCharArray();
  private static final String ALIAS = "it";
  private static final String ADDRESS = "san=ip:127.0.0.1";

  private final Path file;
  private final KeyStore store;

  private Certificates(Path file) throws GeneralSecurityException, IOException {
    this.file = file;
    this.store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
  }

  /** One that signed its certificate itself. */
  public static Certificates make(Path folder, String name) throws Exception {
    return make(folder, name, ADDRESS);
  }

  /** One that signed its certificate itself and may sign those of others. */
  public static Certificates authority(Path folder, String name) throws Exception {
    return make(folder, name, "bc=ca:true");
  }

  private static Certificates make(Path folder, String name, String extension) throws Exception {
    Path file = folder.resolve(name + ".p12");
    tool(
        file,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        extension,
        "-storetype",
        "PKCS12");
    return new Certificates(file);
  }

  /**
   * The same key with a certificate that an authority signed.
   *
   * @param validity for the tool, as in {@code -validity 1}
   */
  public Certificates signedBy(Certificates authority, String... validity) throws Exception {
    Path request = file.resolveSibling(file.getFileName() + ".csr");
    Path reply = file.resolveSibling(file.getFileName() + ".crt");
    tool(file, "-certreq", "-file", request.toString());
    List<String> words = new ArrayList<>(List.of("-gencert", "-ext", ADDRESS));
    words.addAll(List.of("-infile", request.toString(), "-outfile", reply.toString()));
    words.addAll(List.of(validity));
    tool(authority.file, words.toArray(String[]::new));
    Certificates signed = new Certificates(file);
    try (InputStream in = Files.newInputStream(reply)) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      signed.store.setKeyEntry(
          ALIAS,
          signed.store.getKey(ALIAS, PASSWORD),
          PASSWORD,
          new Certificate[] {certificate, authority.store.getCertificate(ALIAS)});
    }
    return signed;
  }

  private static void tool(Path file, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("-alias", ALIAS, "-keystore", file.toString()));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Assertions.assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  public void writeCertificate(Path file) throws GeneralSecurityException, IOException {
    Files.write(file, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
  }

  public void writeKey(Path file) throws GeneralSecurityException, IOException {
    Files.write(file, pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded()));
  }

  private static List<String> pem(String kind, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return List.of("-----BEGIN " + kind + "-----", body, "-----END " + kind + "-----");
  }

  /** Of a client that trusts this certificate alone, and may show another. */
  public SSLContext trusting(Certificates shown) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    if (shown != null) {
      keys.init(shown.store, PASSWORD);
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
