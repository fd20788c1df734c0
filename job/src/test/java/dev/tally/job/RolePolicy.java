package dev.tally.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the role of a template may do, asked as AWS would ask: which action on which resource. */
final class RolePolicy {

    static final String REGION = "us-east-1";
    static final String ACCOUNT = "123456789012";

    private final List<Grant> grants = new ArrayList<>();

    /** Of a whole template, as it is printed. */
    static RolePolicy of(String template) {
        RolePolicy policy = new RolePolicy();
        Map<String, Object> yaml = TemplateYaml.read(template);
        List<Object> statements =
                TemplateYaml.at(
                        yaml,
                        "Resources",
                        "Role",
                        "Properties",
                        "Policies",
                        "PolicyDocument",
                        "Statement");
        for (Object statement : statements) {
            for (Object action : TemplateYaml.several(TemplateYaml.at(statement, "Action"))) {
                for (Object on : TemplateYaml.several(TemplateYaml.at(statement, "Resource"))) {
                    policy.grants.add(new Grant((String) action, arn(on)));
                }
            }
        }
        return policy;
    }

    private static String arn(Object resource) {
        boolean plain = resource instanceof String;
        String text = (plain ? resource : ((Map<?, ?>) resource).values().iterator().next()) + "";
        return text.replace("${AWS::Partition}", "aws")
                .replace("${AWS::Region}", REGION)
                .replace("${AWS::AccountId}", ACCOUNT);
    }

    /** All pairs of an action and a resource, in words. */
    List<String> grants() {
        List<String> words = new ArrayList<>();
        grants.forEach(grant -> words.add(grant.action + " on " + grant.resource));
        return words;
    }

    /** The same without what an action may do on one resource. */
    RolePolicy without(String words) {
        RolePolicy less = new RolePolicy();
        for (Grant grant : grants) {
            if (!words.equals(grant.action + " on " + grant.resource)) {
                less.grants.add(grant);
            }
        }
        if (less.grants.size() == grants.size()) {
            throw new IllegalArgumentException("nothing says " + words + ": " + grants());
        }
        return less;
    }

    /** The one grant by which the action is allowed, in words; null if it is not. */
    String allows(String action, String arn) {
        for (Grant grant : grants) {
            if (grant.action.equals(action) && grant.pattern.matcher(arn).matches()) {
                return grant.action + " on " + grant.resource;
            }
        }
        return null;
    }

    private static final class Grant {
        private final String action;
        private final String resource;
        private final Pattern pattern;

        private Grant(String action, String resource) {
            this.action = action;
            this.resource = resource;
            this.pattern = Pattern.compile("\\Q" + resource.replace("*", "\\E.*\\Q") + "\\E");
        }
    }
}
