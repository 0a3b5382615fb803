//! The script of ONNX Runtime Web as part of a page. A page that was opened from a disk may load no other file, and a module within it
//! has no importer; so it hands over what it would have exported.

/// What a page calls of the runtime.
const NAMES: [&str; 3] = ["InferenceSession", "Tensor", "env"];

/// The module's text with, in place of its exports, a call of `recurrentRuntime`, a function of the page, with those that it needs.
/// `None` where it does not end with exports that have them all.
pub(crate) fn inlined(module: &str) -> Option<String> {
    let code = match module.rfind("\n//# sourceMappingURL=") {
        Some(end) => &module[..end],
        None => module,
    };
    let (code, exports) =
        code.trim_end().strip_suffix(';').unwrap_or(code.trim_end()).rsplit_once("export{")?;
    let exports: Vec<_> = exports.strip_suffix('}')?.split(',').map(|export| part(export.trim())).collect();
    let of = |name| exports.iter().find(|(_, outside)| *outside == name).map(|(inside, _)| *inside);
    let handed: Option<Vec<_>> =
        NAMES.into_iter().map(|name| Some(format!("{name}:{}", of(name)?))).collect();
    let code = format!("{code}recurrentRuntime({{{}}});", handed?.join(","));
    // In a script this would be its end, also within a text of it.
    Some(code.replace("</script", "<\\/script"))
}

/// The names of an export within the module and outside.
fn part(export: &str) -> (&str, &str) {
    export.split_once(" as ").unwrap_or((export, export))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_become_a_call() {
        let module = "let a=1,T=\"</script>\",e=3;export{a as InferenceSession,T as Tensor,e as env,a as default};\n\
                      //# sourceMappingURL=x.map\n";
        let expected = "let a=1,T=\"<\\/script>\",e=3;recurrentRuntime({InferenceSession:a,Tensor:T,env:e});";
        assert_eq!(inlined(module).unwrap(), expected);
        assert_eq!(
            inlined("export{InferenceSession,Tensor,env}").unwrap().matches("Tensor:Tensor").count(),
            1
        );
    }

    #[test]
    fn what_lacks_an_export_is_none() {
        for module in
            ["", "let a;", "export{a as Tensor};", "export{a as InferenceSession,b as Tensor,c as env};d"]
        {
            assert_eq!(inlined(module), None, "{module}");
        }
    }
}
