import java.nio.file.Path;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Says of each file whether it keeps to PDF/UA-1, and every rule that it breaks, with where. */
public final class Verifier {
  private static final int PANNES_MAX = 1000;

  public static void main(String[] chemins) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var norme = PDFAFlavour.PDFUA_1;
    var atelier = Foundries.defaultInstance();
    for (String chemin : chemins) {
      try (var lecteur = atelier.createParser(Path.of(chemin).toFile(), norme);
          var juge = atelier.createValidator(norme, PANNES_MAX, false, true, false)) {
        var verdict = juge.validate(lecteur);
        System.out.println(
            (verdict.isCompliant() ? "conforme" : "non conforme")
                + " " + verdict.getTotalAssertions() + " " + chemin);
        for (TestAssertion fait : verdict.getTestAssertions()) {
          if (fait.getStatus() == TestAssertion.Status.FAILED) {
            System.out.println(
                "  " + fait.getRuleId().getClause() + "-" + fait.getRuleId().getTestNumber()
                    + " " + fait.getMessage() + " @ " + fait.getLocation().getContext());
          }
        }
      }
    }
  }
}
